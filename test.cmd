@echo off
rem Builds what is stale and runs every test; arguments go to "dotnet test". The last line counts; the exit code is 0 only
rem if something ran and nothing failed. Needs the .NET SDK 10.
setlocal
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
where /q dotnet || (echo Install the .NET SDK 10: https://dotnet.microsoft.com/download/dotnet/10.0 1>&2 & exit /b 2)
set "results=%TEMP%\unipt-tests-%RANDOM%%RANDOM%"
dotnet build "%~dp0UniPT.slnx" -c Release -v quiet 1>&2 || exit /b 1
dotnet test "%~dp0UniPT.slnx" -c Release --no-build --results-directory "%results%" --logger trx %*
set failed=%errorlevel%
powershell -NoProfile -Command "$c = @(Get-ChildItem '%results%' -Filter *.trx | ForEach-Object { ([xml](Get-Content $_.FullName -Encoding UTF8)).TestRun.ResultSummary.Counters }); $passed = ($c | Measure-Object passed -Sum).Sum + 0; $other = ($c | Measure-Object executed -Sum).Sum - $passed; Write-Output ('{0} passed, {1} failed' -f $passed, $other); if ($passed -eq 0 -or $other -ne 0) { exit 1 }" || set failed=1
rmdir /s /q "%results%" 2>nul
exit /b %failed%
