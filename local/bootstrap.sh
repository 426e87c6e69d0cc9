#!/bin/sh
# Sees to Python and RabbitMQ, and makes .venv with what requirements.lock pins. Needs Python, git, make, curl.
# What it may (it is root, or sudo asks for no password) it installs; else it says what to do.
set -eu
cd "$(dirname "$0")/.."

say() { printf '· %s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# Installs Debian or Ubuntu packages without starting the servers among them.
install_packages() {
    command -v apt-get >/dev/null || return 1
    as_root true || return 1
    say "installing $* (once, with apt-get)"
    held=
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod +x /usr/sbin/policy-rc.d
        held=yes
    fi
    status=0
    { as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    } >.venv-packages.log 2>&1 || status=$?
    [ -z "$held" ] || as_root rm -f /usr/sbin/policy-rc.d
    if [ "$status" != 0 ] && grep -qE 'Could not resolve|resolving|Could not connect|unreachable' .venv-packages.log; then
        say "no package server can be reached: is there a network?"
    elif [ "$status" != 0 ]; then
        tail -n 20 .venv-packages.log >&2
    fi
    rm -f .venv-packages.log
    return "$status"
}

find_python() {
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# Everything that is missing is found first: who must ask somebody else for it asks once.
missing=
python=$(find_python) || missing="python3.11 python3.11-venv"
if [ -n "$python" ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
    missing=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
fi
instead=
if [ -z "${AMQP_URL:-}" ] && [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then
    missing="${missing:+$missing }rabbitmq-server"
    instead=" Or set AMQP_URL to a RabbitMQ that runs elsewhere."
fi
if [ -n "$missing" ]; then
    # Unquoted, for it is several words.
    install_packages $missing || fail "Missing: $missing. As root, or with sudo in front:
    apt-get install --no-install-recommends $missing
Then the same command again here.$instead"
    # The package would start a server of its own at the next boot; ours is a child of this project.
    if [ -n "$instead" ] && [ -d /run/systemd/system ]; then
        as_root systemctl disable --quiet rabbitmq-server epmd.socket epmd.service 2>/dev/null || true
    fi
    python=$(find_python) || fail "Python 3.11 to 3.13 is needed and could not be installed"
fi
rabbitmq=$(dpkg-query --show --showformat='${Version}' rabbitmq-server 2>/dev/null || true)
if [ -z "${AMQP_URL:-}" ] && [ -n "$rabbitmq" ] && dpkg --compare-versions "$rabbitmq" lt 3.10; then
    # Quorum queues whose messages expire, which retries are made of, came with 3.10.
    fail "RabbitMQ 3.10 or newer is needed, here is $rabbitmq. Set AMQP_URL to a newer one that runs elsewhere."
fi

if [ ! -x .venv/bin/pip ]; then
    say "making the environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

# uv reads an index, a certificate and hashes as pip does, but not pip's settings: it is told them.
pip_setting() {
    .venv/bin/python -m pip config list 2>/dev/null | sed -n "s/^[^=]*\.$1='\(.*\)'\$/\1/p" | tail -n 1
}
index=$(pip_setting index-url)
certificates=$(pip_setting cert)
[ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
[ -z "$certificates" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificates}"

log=.venv/install.log
# What a log says if no index can be reached, in pip's words and in uv's.
no_network='NewConnectionError|ConnectTimeout|ProxyError|Max retries exceeded|name resolution|dns error|error sending request|[Cc]onnection refused|[Nn]etwork is unreachable'
give_up() {
    if grep -qE "$no_network" "$log"; then
        fail "The package index cannot be reached: is there a network? Once there is, the same command again."
    fi
    tail -n 20 "$log" >&2
    fail "The pinned packages could not be installed; $log has everything."
}
with_pip() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --retries 2 --require-hashes -r "$1"
}
with_uv() {
    .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$1"
}

say "installing pinned packages (less than a minute the first time)"
with_pip deploy/locks/installer.lock >"$log" 2>&1 || give_up
# pip knows some settings that uv does not (more than one index, a password store): it comes second.
with_uv requirements.lock >>"$log" 2>&1 || with_pip requirements.lock >>"$log" 2>&1 || give_up
touch .venv/.installed
say "the environment is ready"
