@echo off
rem Builds what is stale and runs the command-line tool; needs the .NET SDK 10.
setlocal
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
where /q dotnet || (echo Install the .NET SDK 10: https://dotnet.microsoft.com/download/dotnet/10.0 1>&2 & exit /b 2)
dotnet build "%~dp0src\UniPT.Cli" -c Release -v quiet 1>&2 || exit /b 1
dotnet exec "%~dp0src\UniPT.Cli\bin\Release\net10.0\unipt.dll" %*
exit /b %errorlevel%
