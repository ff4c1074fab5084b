using System.CommandLine;
using UniPT.Cli.CommandLine;
using UniPT.Cli.Doctor;

namespace UniPT.Cli.Commands;

/// <summary><c>unipt doctor</c>: what the tool found on this machine, and how to get what is missing.</summary>
internal sealed class DoctorCommand() : Verb("doctor", "Says what was found, which version, and how to get what is missing.")
{
    internal override IReadOnlyList<string> Examples => ["unipt doctor"];

    protected override Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        bool missing = false;
        foreach (Finding finding in MachineChecks.Run().Concat(EngineChecks.Run()).Concat(ModelChecks.Run()))
        {
            missing |= finding.Health == Health.Missing;
            output.WriteLine($"{Mark(finding.Health),-8} {finding.Subject,-10} {finding.Found}");
            if (finding.Advice is not null)
            {
                output.WriteLine($"{"",19} to change that: {finding.Advice}");
            }
        }

        return Task.FromResult(missing ? ExitCode.UserError : ExitCode.Ok);
    }

    private static string Mark(Health health) => health switch
    {
        Health.Good => "ok",
        Health.Slow => "slow",
        _ => "MISSING",
    };
}
