// Who listens where, read from /proc (Linux): the sockets that processes hold open, and the tables of the kernel.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  pid: number;
  /** As the kernel writes it: `0100007F` is 127.0.0.1 on a little-endian machine. */
  address: string;
  port: number;
  onLoopback: boolean;
}

export function listenersOf(pids: readonly number[]): Listener[] {
  const holders = new Map(pids.flatMap((pid) => socketsOf(pid).map((inode) => [inode, pid] as const)));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line): Listener[] => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        const pid = holders.get(inode);
        if (state !== listening || pid === undefined) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ pid, address, port: Number.parseInt(port, 16), onLoopback: loopback.test(address) }];
      }),
  );
}

const listening = '0A';
/** 127.0.0.0/8, ::1, and 127.0.0.0/8 mapped into IPv6; four bytes each in the order of a little-endian machine. */
const loopback = /^([0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) ?? []);
  } catch (error) {
    return nothingIfGone(error) ?? [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch (error) {
    return nothingIfGone(error);
  }
}

/** A process ends, or closes a file, while it is looked at. */
function nothingIfGone(error: unknown): undefined {
  if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
  throw error;
}
