using UniPT.Cli.CommandLine;

return await Invocation.RunAsync(args);
