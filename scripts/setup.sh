# shellcheck shell=bash
# Shared by ./unipt and ./test, which set `root` to this checkout and call `setup`: installs what is missing and
# builds what is stale; needs no network once everything is there. What it has to say goes to stderr.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # no part of the project needs ICU, so neither shall its build

state=${root:?}/artifacts
tool=$root/src/UniPT.Cli/bin/Release/net10.0/unipt.dll
system_libraries=/usr/lib/$(uname -m)-linux-gnu
bridge_build=$root/native/build
packages=(cmake ninja-build g++ pkg-config libavformat-dev libavcodec-dev libswscale-dev libavutil-dev)
packages+=(ca-certificates curl openssl) # .NET and its installer
if [[ -z ${UNIPT_LIBTORCH:-} ]]; then
  packages+=(libtorch-dev libopenblas0-openmp)
  libtorch=$system_libraries/libtorch.so
else
  UNIPT_LIBTORCH=$(readlink -m "$UNIPT_LIBTORCH")
  libtorch=$UNIPT_LIBTORCH/lib/libtorch.so
  bridge_build+=-$(cksum <<<"$UNIPT_LIBTORCH" | cut -d' ' -f1)
  export UNIPT_LIBTORCH UNIPT_BRIDGE=$bridge_build/libunipt_bridge.so
fi

setup() { # PROJECT SOURCE-FOLDERS...
  mkdir -p "$state"
  exec 9>"$state/lock"
  flock -n 9 || { say "Waiting for another build of this checkout…" && flock 9; }
  # .NET's build servers outlive this script and must not inherit the lock.
  {
    ensure_packages
    ensure_dotnet
    ensure_bridge
    ensure_built "$@"
  } 9>&-
  exec 9>&-
}

say() { echo "$*" >&2; }

give_up() {
  say "$@"
  exit 2
}

# Runs a command and shows its output only if it fails.
quietly() {
  "$@" >"$state/setup.log" 2>&1 && return
  cat "$state/setup.log" >&2
  say "Failed: $*"
  exit 1
}

# Changes when a file below the given paths is added, removed or edited.
fingerprint() {
  find "$@" \( -name bin -o -name obj -o -path "$root/native/build*" \) -prune -o -type f -printf '%p %s %T@\n' |
    sort | cksum
}

# A stage's stamp holds the fingerprint of what the stage was last done for.
stale() { # STAMP FINGERPRINT OUTPUT
  [[ ! -f $1 || $(<"$1") != "$2" || ! -e $3 ]]
}

ensure_packages() {
  local stamp=$state/packages.stamp database=/var/lib/dpkg/status
  if command -v apt-get >/dev/null; then
    stale "$stamp" "${packages[*]} $(fingerprint "$database")" "$libtorch" || return 0
    install_packages
    advise_on_blas
    echo "${packages[*]} $(fingerprint "$database")" >"$stamp"
  elif stale "$stamp" "$PATH" "$libtorch"; then
    look_for_tools
    echo "$PATH" >"$stamp"
  fi
}

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID)); then
    as_root=(sudo)
    [[ -t 0 ]] || as_root+=(-n)
    "${as_root[@]}" -v 2>/dev/null ||
      give_up "Packages are missing and may not be installed from here. Run: sudo apt-get install ${missing[*]}"
  fi
  say "Installing ${missing[*]}…"
  quietly "${as_root[@]}" apt-get update
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

advise_on_blas() {
  local blas
  blas=$(readlink -f "$system_libraries/libblas.so.3") || return 0
  [[ $blas == */blas/* ]] || return 0
  say "Note: $blas is the reference BLAS, many times slower than OpenBLAS. Switch with:" \
    "sudo update-alternatives --auto libblas.so.3-$(uname -m)-linux-gnu"
}

# Where there is no apt nothing is installed, only looked for.
look_for_tools() {
  local missing=() program
  for program in cmake ninja g++ pkg-config; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  pkg-config --exists libavformat libavcodec libswscale libavutil 2>/dev/null || missing+=("FFmpeg's development files")
  [[ -f $libtorch ]] || missing+=("libtorch (unpack one and set UNIPT_LIBTORCH to its folder)")
  ((${#missing[@]})) || return 0
  local list
  printf -v list '%s, ' "${missing[@]}"
  give_up "There is no apt-get here; please install ${list%, }."
}

ensure_dotnet() {
  has_sdk && return
  export DOTNET_ROOT=$HOME/.dotnet
  PATH=$DOTNET_ROOT:$PATH
  has_sdk && return
  say "The .NET SDK 10 was not found; installing it into $DOTNET_ROOT with Microsoft's script…"
  local script=$state/dotnet-install.sh
  curl -fsSL --retry 2 https://dot.net/v1/dotnet-install.sh -o "$script" &&
    bash "$script" --channel 10.0 --install-dir "$DOTNET_ROOT" >"$state/setup.log" &&
    has_sdk && return
  give_up "That failed. Install the .NET SDK 10 (https://dotnet.microsoft.com/download/dotnet/10.0) into $DOTNET_ROOT" \
    "or anywhere on the PATH, then start again."
}

has_sdk() {
  local program
  program=$(readlink -f "$(type -P dotnet)") && compgen -G "${program%/*}/sdk/10.0.*" >/dev/null
}

ensure_bridge() {
  [[ -f $libtorch ]] ||
    give_up "$libtorch does not exist: UNIPT_LIBTORCH must name a folder with libtorch's lib and include folders."
  local stamp=$bridge_build/bridge.stamp print
  print="$(fingerprint "$root/native") $(stat -L -c '%n %s %Y' "$libtorch")"
  stale "$stamp" "$print" "$bridge_build/libunipt_bridge.so" || return 0
  say "Building the bridge (about a minute, once)…"
  quietly cmake -S "$root/native" -B "$bridge_build" -G Ninja -DUNIPT_LIBTORCH="${UNIPT_LIBTORCH:-}"
  quietly cmake --build "$bridge_build"
  echo "$print" >"$stamp"
}

ensure_built() { # PROJECT SOURCE-FOLDERS...
  local project=$root/$1 stamp=$state/${1##*/} sources=("${@:2}") print projects
  sources=("${sources[@]/#/$root/}" "$root"/{Directory.Build.props,Directory.Packages.props,global.json,UniPT.slnx})
  print=$(fingerprint "${sources[@]}")
  stale "$stamp.built.stamp" "$print" "$tool" || return 0
  say "Building ${1##*/}…"
  mapfile -t projects < <(find "${sources[@]}" -name '*.csproj' -o -name '*.props' -o -name packages.lock.json)
  local restore_print
  restore_print=$(fingerprint "${projects[@]}")
  if stale "$stamp.restored.stamp" "$restore_print" "$root/src/UniPT.Cli/obj/project.assets.json"; then
    quietly dotnet restore "$project" --locked-mode
    echo "$restore_print" >"$stamp.restored.stamp"
  fi
  quietly dotnet build "$project" -c Release --no-restore -v quiet
  echo "$print" >"$stamp.built.stamp"
}
