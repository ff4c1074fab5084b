using UniPT.Backbones.Media;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Media;

public sealed class WaveFileTests
{
    public static TheoryData<int, int, byte[]> Encodings => new()
    {
        { 1, 8, [0, 128, 192] },
        { 1, 16, [0x00, 0x80, 0, 0, 0x00, 0x40] },
        { 1, 24, [0, 0, 0x80, 0, 0, 0, 0, 0, 0x40] },
        { 1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40] },
        { 3, 32, [.. new[] { -1f, 0, 0.5f }.SelectMany(BitConverter.GetBytes)] },
        { 3, 64, [.. new[] { -1d, 0, 0.5 }.SelectMany(BitConverter.GetBytes)] },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void EveryEncodingIsRead(int encoding, int bits, byte[] data)
    {
        Recording recording = WaveFile.Decode(Waves.Bytes(encoding, 1, 8000, bits, data), "a.wav");
        Assert.Equal([-1f, 0, 0.5f], recording.Samples);
        Assert.Equal(8000, recording.Rate);
        Assert.Equal(3 / 8000.0, recording.Duration);
    }

    [Fact]
    public void ChannelsAreAveraged() =>
        Assert.Equal([0.25f, -0.5f], WaveFile.Decode(Waves.Bytes(1, 2, 8000, 16, [0, 0x40, 0, 0, 0, 0xC0, 0, 0xC0]), "a.wav").Samples);

    /// <summary>A list of names of odd length in front, an extensible format, and a length that a pipe's writer did not know.</summary>
    [Fact]
    public void WhatProgramsWriteIsRead()
    {
        byte[] list = [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0];
        Assert.Equal([0.5f], WaveFile.Decode(Waves.Bytes(1, 1, 8000, 16, [0, 0x40], before: list), "a.wav").Samples);
        Assert.Equal([0.5f], WaveFile.Decode(Waves.Bytes(1, 1, 8000, 16, [0, 0x40], stated: 0x7FFFF024), "a.wav").Samples);
        Assert.Equal([0.5f], WaveFile.Decode(Waves.Bytes(1, 1, 8000, 16, [0, 0x40], stated: uint.MaxValue), "a.wav").Samples);
        byte[] plain = Waves.Bytes(0xFFFE, 1, 8000, 16, [0, 0x40]);
        byte[] extended = [.. plain[..16], 40, 0, 0, 0, .. plain[20..36], 22, 0, 16, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113, .. plain[36..]];
        Assert.Equal([0.5f], WaveFile.Decode(extended, "a.wav").Samples);
    }

    [Theory]
    [InlineData("", "a.wav is empty (0 bytes); expected a WAV file.")]
    [InlineData("fLaC and more of it", "a.wav is a FLAC file; expected a WAV file.")]
    [InlineData("OggS and more of it", "a.wav is an Ogg file; expected a WAV file.")]
    [InlineData("ID3 and more of it.", "a.wav is an MP3 file; expected a WAV file.")]
    [InlineData("RIFXxxxxWAVE", "a.wav is a RIFX file (big-endian); expected a WAV file.")]
    [InlineData("RIFFxxxxWEBPVP8 ", "a.wav is no sound; expected a WAV file.")]
    [InlineData("RIFFxxxxWAVE", "a.wav is a WAV file without samples.")]
    [InlineData("RIFFxxxxWAVEdata\u0002\0\0\0..", "a.wav is no intact WAV file: its samples come before their format.")]
    [InlineData("RIFFxxxxWAVEfmt \u0002\0\0\0..", "a.wav is no intact WAV file: its format has 2 bytes; expected 16 or more.")]
    public void WhatIsNoSoundIsRefused(string text, string sentence) => Refused([.. text.Select(letter => (byte)letter)], sentence);

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        byte[] whole = Waves.Bytes(1, 1, 8000, 16, [1, 2, 3, 4]);
        Refused(whole[..^1], "a.wav is cut off: a part of it has 4 bytes, of which 3 are there.");
        Refused(Waves.Bytes(1, 1, 8000, 16, []), "a.wav has no samples; expected a sound of some length.");
        Refused(Waves.Bytes(1, 2, 8000, 16, [1, 2]), "a.wav has no samples; expected a sound of some length.");
        Refused(Waves.Bytes(1, 0, 8000, 16, [1, 2]), "a.wav has 0 channels and 8000 samples a second; expected 1 to 64 channels and 1 to 768000 samples.");
        Refused(Waves.Bytes(1, 1, 0, 16, [1, 2]), "a.wav has 1 channels and 0 samples a second; expected 1 to 64 channels and 1 to 768000 samples.");
        Refused(Waves.Bytes(1, 1, -1, 16, [1, 2]), "a.wav has 1 channels and 4294967295 samples a second; expected 1 to 64 channels and 1 to 768000 samples.");
        Refused(Waves.Bytes(6, 1, 8000, 8, [1, 2]), "a.wav has samples of the encoding 6 with 8 bits; expected PCM (1) with 8, 16, 24 or 32 or floating point (3) with 32 or 64.");
        Refused(Waves.Bytes(1, 1, 8000, 12, [1, 2]), "a.wav has samples of the encoding 1 with 12 bits; expected PCM (1) with 8, 16, 24 or 32 or floating point (3) with 32 or 64.");
        Refused(Waves.Bytes(3, 1, 8000, 32, BitConverter.GetBytes(float.NaN)), "a.wav is damaged: its sample 0 is infinite or no number (NaN).");
        Refused(Waves.Bytes(1, 1, 1, 8, new byte[3600]), "a.wav is 3600 seconds long; at most 3600 are read.");
        byte[] odd = Waves.Bytes(1, 1, 8000, 16, [1, 2]);
        odd[32] = 3;
        Refused(odd, "a.wav is no intact WAV file: 1 channels of 16 bits stand in 3 bytes; expected 2.");
    }

    /// <summary>Whatever bytes are wrong, it is a sentence or a recording.</summary>
    [Fact]
    public void DamageNeverEscapes()
    {
        byte[] whole = Waves.Pcm16(Waves.Sine(440, 0.01));
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = [.. whole[..random.Next(whole.Length + 1)]];
            for (int i = 0; i < 3 && damaged.Length > 0; i++)
            {
                damaged[random.Next(Math.Min(damaged.Length, 48))] = (byte)random.Next(256);
            }

            try
            {
                Assert.NotEmpty(WaveFile.Decode(damaged, "a.wav").Samples);
            }
            catch (UserException error)
            {
                Assert.StartsWith("a.wav ", error.Message);
            }
        }
    }

    [Fact]
    public void AFileIsReadAndAMissingOneNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.wav"), Waves.Pcm16([0.5, -0.5]));
        Assert.Equal(2, Recording.Read(folder.File("a.wav")).Samples.Length);
        Assert.StartsWith($"Cannot read {folder.File("b.wav")}: ", Assert.Throws<UserException>(() => Recording.Read(folder.File("b.wav"))).Message);
    }

    private static void Refused(byte[] bytes, string sentence) => Assert.Equal(sentence, Assert.Throws<UserException>(() => WaveFile.Decode(bytes, "a.wav")).Message);
}
