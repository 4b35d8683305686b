#!/bin/sh
# Run tests as an ordinary user, on a copy of the last commit: as_user.sh [pytest's arguments].
# To be started as root, by whom the virtual environment may be owned and closed to others.
set -eu
repository=$(cd "$(dirname "$0")/../.." && pwd)
python=$("$repository/.venv/bin/python" -c 'import sys; print(sys.base_prefix)')
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/tree" "$place/tree/.venv" "$place/home" "$place/venv" "$place/python"
git -C "$repository" archive HEAD | tar -x -C "$place/tree"
chown -R 1000:1000 "$place/tree" "$place/home"
chmod 711 "$place"
unshare --mount sh -euc '
    repository=$1 python=$2 place=$3
    shift 3
    mount --bind "$repository/.venv" "$place/venv"
    mount --bind "$python" "$place/python"
    mount --bind "$place/tree" "$repository"
    mount --bind "$place/venv" "$repository/.venv"
    # Of a home that is closed to others, show nothing but the Python that lies there.
    home=$python
    while [ "$home" != / ] && [ -z "$(find "$home" -maxdepth 0 ! -perm -o+x)" ]; do
        home=$(dirname "$home")
    done
    if [ "$home" != / ]; then
        mount -t tmpfs -o mode=755 none "$home"
        mkdir -p "$python"
        mount --bind "$place/python" "$python"
    fi
    cd "$repository"
    exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs \
        env HOME="$place/home" USER=user .venv/bin/python -m pytest "$@"
' sh "$repository" "$python" "$place" "$@"
