# shellcheck shell=bash
# Shared by ./unipt and ./test, which set `root` to this checkout and call `setup`: installs what is missing and
# builds what is stale. Once everything is there it needs no network and writes nothing, so that a built checkout runs
# for another user and from a read-only disk. What it has to say goes to stderr.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT # containers set it; without ICU no text would be normalised
[[ -w ${HOME:-/nonexistent} ]] || export DOTNET_CLI_HOME=${TMPDIR:-/tmp}/unipt-$UID # for a user without a home

state=${root:?}/artifacts
tool=$root/src/UniPT.Cli/bin/Release/net10.0/unipt.dll
nuget_folder=${NUGET_PACKAGES:-${HOME:-}/.nuget/packages}
shared_sources=(Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig global.json UniPT.slnx)

setup() { # PROJECT SOURCE-FOLDERS...
  ensure_packages
  ensure_dotnet
  if [[ $(uname) == Linux ]]; then
    ensure_built "$@"
  else # no GNU tools to see what is stale with
    dotnet build "$root/$1" -c Release -v quiet >&2
  fi
}

say() { echo "$*" >&2; }

give_up() {
  say "$@"
  exit 2
}

# Runs a command and shows its output only if it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    say "Failed: $*"
    exit 1
  fi
  rm "$log"
}

# .NET needs ICU; installing the SDK and restoring packages needs the rest.
ensure_packages() {
  [[ $(uname) == Linux ]] || return 0
  local missing=()
  has_library libicuuc || missing+=(ICU)
  if ! has_sdk || ! built; then
    has_library libssl || missing+=(openssl)
    [[ -d /etc/ssl/certs ]] || missing+=(ca-certificates)
    has_sdk || command -v curl >/dev/null || missing+=(curl)
  fi
  ((${#missing[@]})) || return 0
  if command -v apt-get >/dev/null; then
    install_packages "${missing[@]}"
  else
    give_up "There is no apt-get here; please install: ${missing[*]}."
  fi
}

has_library() { # NAME
  local folder
  for folder in /lib /lib64 /usr/lib /usr/lib64 /usr/local/lib "/lib/$(uname -m)-linux-gnu" "/usr/lib/$(uname -m)-linux-gnu"; do
    compgen -G "$folder/$1.so.*" >/dev/null && return
  done
  { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -F "$1.so." >/dev/null
}

install_packages() { # PACKAGES..., where ICU stands for the release's libicu72, libicu76, ...
  local as_root=()
  if ((EUID)); then
    as_root=(sudo)
    [[ -t 0 ]] || as_root+=(-n)
    "${as_root[@]}" -v 2>/dev/null ||
      give_up "Packages are missing and may not be installed from here. Run: sudo apt-get install ${*/#ICU/libicu-dev}"
  fi
  quietly "${as_root[@]}" apt-get update
  local icu
  icu=$(apt-cache search --names-only '^libicu[0-9]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
  say "Installing ${*/#ICU/$icu}…"
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${@/#ICU/$icu}"
}

# A program without which some tests are skipped: installed where that asks nobody anything.
want_program() { # PROGRAM, which is its package's name too
  command -v "$1" >/dev/null && return
  [[ $(uname) == Linux ]] && ((EUID == 0)) && command -v apt-get >/dev/null || return 0
  say "Installing $1…"
  { apt-get update && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y --no-install-recommends "$1"; } >/dev/null 2>&1 ||
    say "$1 could not be installed; tests that need it are skipped."
}

ensure_dotnet() {
  has_sdk && return
  export DOTNET_ROOT=${HOME:-}/.dotnet
  PATH=$DOTNET_ROOT:$PATH
  has_sdk && return
  say "The .NET SDK 10 was not found; installing it into $DOTNET_ROOT with Microsoft's script…"
  local script
  script=$(mktemp)
  curl -fsSL --retry 2 https://dot.net/v1/dotnet-install.sh -o "$script" &&
    bash "$script" --channel 10.0 --install-dir "$DOTNET_ROOT" >/dev/null &&
    rm "$script" && has_sdk && return
  give_up "That failed. Install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) into $DOTNET_ROOT" \
    "or anywhere on the PATH, then start again."
}

has_sdk() { # also in the folder that ensure_dotnet puts on the PATH
  local program
  for program in "$(type -P dotnet)" "${DOTNET_ROOT:-/nonexistent}/dotnet"; do
    program=$(readlink -f "$program") && compgen -G "${program%/*}/sdk/10.0.*" >/dev/null && return
  done
  return 1
}

built() { [[ -e $tool ]]; }

# Changes when a file below the given paths of the checkout is added, removed or edited.
fingerprint() {
  (cd "$root" && find "$@" \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n') | sort | cksum
}

# A stamp holds the fingerprint of what was last built or restored.
stale() { # STAMP FINGERPRINT
  [[ ! -f $1 || $(<"$1") != "$2" ]]
}

ensure_built() { # PROJECT SOURCE-FOLDERS...
  local stamp=$state/${1##*/}.built.stamp print
  local sources=("${@:2}" "${shared_sources[@]}")
  print=$(fingerprint "${sources[@]}")
  if stale "$stamp" "$print" || ! built; then
    mkdir -p "$state" 2>/dev/null && [[ -w $state && -w $root/src ]] ||
      give_up "This checkout is not built, or was edited since, and may not be written to: $root"
    exec 9>"$state/lock" || exit
    flock -n 9 || { say "Waiting for another build of this checkout…" && flock 9; }
    # .NET's build servers outlive this script and must not inherit the lock.
    if stale "$stamp" "$print" || ! built; then build "$1" 9>&-; fi
    exec 9>&-
  fi
  # They are hard links; where NuGet's folder is on another disk, symbolic ones, which other users may not be able to follow.
  local library
  for library in "${tool%/*}"/runtimes/*/native/libtorch_cpu.*; do
    [[ -r $library ]] || give_up "$library leads to a file that is not there or that you may not read; remove src/UniPT.Cli/bin and start again."
  done
}

build() { # PROJECT; the rest is ensure_built's
  say "Building ${1##*/}…"
  local projects restored=$state/${1##*/}.restored.stamp restore_print tool_print
  tool_print=$(fingerprint src "${shared_sources[@]}")
  mapfile -t projects < <(cd "$root" && find "${sources[@]}" -name obj -prune -o \( -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name packages.lock.json \) -print)
  restore_print="$(fingerprint "${projects[@]}") $nuget_folder"
  if stale "$restored" "$restore_print" || [[ ! -e $root/src/UniPT.Cli/obj/project.assets.json || ! -d $nuget_folder/torchsharp ]]; then
    quietly dotnet restore "$root/$1" --locked-mode
    echo "$restore_print" >"$restored"
  fi
  quietly dotnet build "$root/$1" -c Release --no-restore -v quiet
  echo "$print" >"$stamp"
  if [[ $1 == UniPT.slnx ]]; then # the tool is built too: ./unipt need not do it, and may not where it cannot write
    echo "$tool_print" >"$state/UniPT.Cli.built.stamp"
  fi
}
