import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const NO_SMALL_DISK = 'a small file system cannot be mounted here'

/** A file system of its own for a test to fill. */
export function smallDisk(megabytes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-small-disk-'))
  const mounted = mount(directory, megabytes)
  return {
    directory,
    mounted,
    /** `lazily` where an engine of this process may still have files there. */
    remove(how?: 'lazily') {
      if (mounted) execFileSync('umount', how === 'lazily' ? ['-l', directory] : [directory])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function mount(directory: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

/** Writes until nothing more fits, or no more than so many bytes are left. */
export function fillDisk(file: string, left = 0): void {
  const handle = openSync(file, 'w')
  for (let size = 1 << 20; size >= 512; ) {
    try {
      if (left > 0 && freeOn(file) - size < left) throw new Error('full enough')
      if (writeSync(handle, Buffer.alloc(size)) < size) size /= 2
    } catch {
      size /= 2
    }
  }
  closeSync(handle)
}

function freeOn(file: string): number {
  const { bavail, bsize } = statfsSync(file)
  return bavail * bsize
}
