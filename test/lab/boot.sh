#!/bin/sh
# Boots this machine's Debian once more, in the network namespace it is started in. The caller sees only its death.
#   boot.sh NAME DIRECTORY REPOSITORY UNITS LAYER SETPRIV-OPTION...
# DIRECTORY is an empty folder for mount points; UNITS, by blanks, are enabled; LAYER, if any, is copied over the
# root; the options are what setpriv takes away from the host.
set -eu
name=$1 directory=$2 repository=$3 units=$4 layer=$5

# A control group of its own, or two hosts would find each other's services in theirs.
if [ "${STAGE:-}" = '' ]; then
  mount -t cgroup2 cgroup2 "$directory"
  mkdir -p "$directory/$name"
  echo $$ >"$directory/$name/cgroup.procs"
  umount "$directory"
  STAGE=root exec unshare --pid --mount --uts --ipc --cgroup --fork --kill-child --propagation private sh "$0" "$@"
fi

mount -t tmpfs tmpfs "$directory"
cd "$directory"
mkdir up work root
# Two lower layers may not contain one another, so this one goes on top.
[ -z "$layer" ] || cp -a "$layer/." up
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
cd root

mount -t proc proc proc
# Only the network's part of sysctl belongs to a namespace; the rest is the machine's.
mount --bind proc/sys/net proc/sys/net
mount --rbind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755 tmpfs run
mount -t tmpfs tmpfs tmp
mount -t tmpfs -o mode=0755 tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "dev/${stream#*:}"; done
for node in null zero full random urandom tty; do touch "dev/$node"; mount --bind "/dev/$node" "dev/$node"; done
# An overlay over a folder that changes is undefined, and the checkout may be on another file system.
mkdir -p ".$repository"
mount --bind "$repository" ".$repository"
mount -o remount,bind,ro ".$repository"

rm -rf etc/systemd/system/*.wants etc/systemd/system/*.requires etc/systemd/system/dbus-org.* var/log/journal
: >etc/fstab
tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
# Units about the kernel, the clock and terminals, none of which are this host's own.
for unit in console-getty.service dev-hugepages.mount getty.target kmod-static-nodes.service \
  proc-sys-fs-binfmt_misc.automount sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount systemd-binfmt.service systemd-modules-load.service systemd-random-seed.service \
  systemd-remount-fs.service systemd-sysctl.service systemd-timesyncd.service systemd-update-utmp.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done
[ -z "$units" ] || systemctl --quiet --root="$PWD" enable $units

echo "${name##*-}" >etc/hostname
shift 5
pivot_root . mnt
umount -l /mnt
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv "$@" /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal --show-status=0
