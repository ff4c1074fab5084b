using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Partial;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning;

/// <summary>The tuning methods by their names in recipes.</summary>
public static class TuningRegistry
{
    /// <summary>All methods.</summary>
    public static IReadOnlyDictionary<string, TuningRegistration> Methods { get; } = new Dictionary<string, TuningRegistration>
    {
        ["unipt"] = TuningRegistration.Of<UniPTOptions>(options => new UniPTMethod(options)),
        ["head"] = TuningRegistration.Of<HeadOptions>(options => new HeadMethod(options)),
        ["full"] = TuningRegistration.Of<FullOptions>(options => new FullMethod(options)),
        ["partial"] = TuningRegistration.Of<PartialOptions>(options => new PartialMethod(options)),
        ["bitfit"] = TuningRegistration.Of<BitFitOptions>(options => new BitFitMethod(options)),
        ["layernorm"] = TuningRegistration.Of<LayerNormOptions>(_ => new LayerNormMethod()),
        ["adapter"] = TuningRegistration.Of<AdapterOptions>(options => new AdapterMethod(options)),
        ["lora"] = TuningRegistration.Of<LoraOptions>(options => new LoraMethod(options)),
        ["ia3"] = TuningRegistration.Of<Ia3Options>(_ => new Ia3Method()),
        ["prompt"] = TuningRegistration.Of<PromptOptions>(options => new PromptMethod(options)),
        ["prefix"] = TuningRegistration.Of<PrefixOptions>(options => new PrefixMethod(options)),
        ["lst"] = TuningRegistration.Of<LstOptions>(options => new LstMethod(options)),
        ["sherl"] = TuningRegistration.Of<SherlOptions>(options => new SherlMethod(options)),
    };
}

/// <summary>How a recipe makes a method.</summary>
/// <param name="Options">The method's option record.</param>
/// <param name="Create">Makes the method from such a record.</param>
public sealed record TuningRegistration(Type Options, Func<object, TuningMethod> Create)
{
    internal static TuningRegistration Of<TOptions>(Func<TOptions, TuningMethod> create) => new(typeof(TOptions), options => create((TOptions)options));
}
