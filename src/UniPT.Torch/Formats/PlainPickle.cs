namespace UniPT.Torch;

/// <summary>
/// Data that Python's <c>pickle</c> wrote: texts, numbers, lists, tuples, sets and dictionaries, of the protocols 0 to 5. A pickle is a program; this one is read as data, and
/// one that names a class or a function is refused.
/// </summary>
public static class PlainPickle
{
    /// <summary>Reads a pickle.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="bytes">All of it.</param>
    /// <returns>
    /// Null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>, <see cref="string"/>, an array of bytes, an
    /// <see cref="IReadOnlyList{T}"/> of these, or an <see cref="IReadOnlyDictionary{TKey, TValue}"/> of these by such keys, in its order.
    /// </returns>
    /// <exception cref="UserException">It is cut off, broken, too large, or names a class.</exception>
    public static object? Read(string name, ReadOnlySpan<byte> bytes) => new PickleReader(name, bytes, plain: true).Read();
}
