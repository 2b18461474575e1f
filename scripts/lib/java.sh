# shellcheck shell=bash
# Finds a JDK for this project. To be sourced:
#
#   . "$here/lib/java.sh"
#   smcp_find_java || exit 1      # sets and exports JAVA_HOME; SMCP_JAVA is its java
#
# Prints nothing if it finds one, and how to get one otherwise.

SMCP_JAVA_NEEDED=25

# Prints the feature version of the JDK in the folder $1; nothing if there is none.
smcp_java_version() {
  local line
  [ -x "$1/bin/java" ] || return 1
  # the release file is there since Java 9, and reading it is a hundred times quicker than asking java
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*)
          line=${line#JAVA_VERSION=}
          line=${line//\"/}
          line=${line%%[.+-]*}
          printf '%s\n' "$line"
          return 0
          ;;
      esac
    done <"$1/release"
  fi
  "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'
}

# Prints the folder of the java that PATH finds.
smcp_java_on_path() {
  local java
  java=$(command -v java 2>/dev/null) || return 1
  # a link, often through several others: the folder is two above its end
  while [ -L "$java" ]; do
    local target
    target=$(readlink "$java")
    case $target in
      /*) java=$target ;;
      *) java=$(dirname "$java")/$target ;;
    esac
  done
  (cd "$(dirname "$java")/.." 2>/dev/null && pwd -P)
}

smcp_try_java() {
  local version
  [ -n "${1-}" ] || return 1
  version=$(smcp_java_version "$1") || return 1
  case $version in '' | *[!0-9]*) return 1 ;; esac
  [ "$version" -ge "$SMCP_JAVA_NEEDED" ] || return 1
  JAVA_HOME=$1
  SMCP_JAVA=$1/bin/java
  export JAVA_HOME SMCP_JAVA
}

smcp_find_java() {
  local home
  smcp_try_java "${JAVA_HOME-}" && return 0
  home=$(smcp_java_on_path) && smcp_try_java "$home" && return 0
  if [ -x /usr/libexec/java_home ]; then # macOS
    home=$(/usr/libexec/java_home -v "$SMCP_JAVA_NEEDED+" 2>/dev/null) && smcp_try_java "$home" && return 0
  fi
  # a pattern without a match stays as it is, and is no folder with a java in it
  for home in \
    /usr/lib/jvm/*25* /usr/lib/jvm/*2[6-9]* /usr/java/*25* /opt/*jdk*25* /opt/java/*25* \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/25* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/current \
    "$HOME"/.jdks/*25* "$HOME"/.asdf/installs/java/*25* "$HOME"/.local/share/mise/installs/java/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    smcp_try_java "$home" && return 0
  done
  cat >&2 <<EOF
SMCP needs a Java $SMCP_JAVA_NEEDED or newer, and there is none in JAVA_HOME, on PATH, under /usr/lib/jvm, or where SDKMAN, asdf and mise put theirs.
Any of these gets one:
  Debian, Ubuntu   apt install openjdk-25-jdk    (older releases: the packages of https://adoptium.net/installation/linux)
  Fedora           dnf install java-25-openjdk-devel
  macOS            brew install openjdk@25
  anywhere         sdk install java 25-tem       (https://sdkman.io)
Or point JAVA_HOME at one.
EOF
  return 1
}
