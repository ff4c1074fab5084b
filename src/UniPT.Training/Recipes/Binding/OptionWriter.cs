using System.Collections;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Writes option records as YAML, every option with its value, in the order of declaration.</summary>
internal sealed partial class OptionWriter
{
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly Emitter _emitter;

    private OptionWriter() => _emitter = new Emitter(_text, new EmitterSettings(2, int.MaxValue, false, int.MaxValue));

    /// <summary>The YAML text of a recipe.</summary>
    internal static string Write(Recipe recipe)
    {
        var writer = new OptionWriter();
        writer._emitter.Emit(new StreamStart());
        writer._emitter.Emit(new DocumentStart());
        writer.WriteSection(recipe);
        writer._emitter.Emit(new DocumentEnd(isImplicit: true));
        writer._emitter.Emit(new StreamEnd());
        return writer._text.ToString();
    }

    private void WriteSection(object record)
    {
        _emitter.Emit(new MappingStart());
        WriteOptions(record);
        _emitter.Emit(new MappingEnd());
    }

    private void WriteOptions(object record)
    {
        foreach (OptionProperty option in OptionProperty.Of(record.GetType()))
        {
            WriteScalar(option.Name);
            WriteValue(option.Get(record));
        }
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case null:
                _emitter.Emit(new Scalar("null"));
                break;
            case TaskChoice task:
                WriteChoice(task.Name, task.Options);
                break;
            case MethodChoice method:
                WriteChoice(method.Name, method.Options, method.Backbones);
                break;
            case OptionMap<BackboneOptions> backbones:
                WriteMap(backbones);
                break;
            case OptionMap<WeightGroup> groups:
                WriteMap(groups);
                break;
            case string or ValueType:
                WriteScalar(OptionText.Format(value));
                break;
            case IEnumerable list:
                _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
                foreach (object item in list)
                {
                    WriteScalar(OptionText.Format(item));
                }

                _emitter.Emit(new SequenceEnd());
                break;
            default:
                WriteSection(value);
                break;
        }
    }

    private void WriteChoice(string name, object options, OptionMap<object>? backbones = null)
    {
        _emitter.Emit(new MappingStart());
        WriteScalar("name");
        WriteScalar(name);
        WriteOptions(options);
        if (backbones is { Count: > 0 })
        {
            WriteScalar("backbones");
            WriteMap(backbones);
        }

        _emitter.Emit(new MappingEnd());
    }

    private void WriteMap<T>(OptionMap<T> sections) where T : class
    {
        _emitter.Emit(new MappingStart());
        foreach ((string name, T record) in sections)
        {
            WriteScalar(name);
            WriteSection(record);
        }

        _emitter.Emit(new MappingEnd());
    }

    private void WriteScalar(string text)
    {
        ScalarStyle style = Plain().IsMatch(text) && text != "null" ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, true, true));
    }

    // Text that YAML cannot take for anything but itself; whatever else there is goes into quotes.
    [GeneratedRegex(@"^[A-Za-z0-9_/-][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Plain();
}
