using System.Globalization;
using UniPT.Cli.CommandLine;

// What the tool prints is read by scripts and compared between machines: numbers are the same everywhere.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

return await Invocation.RunAsync(args);
