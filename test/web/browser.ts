import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

// A real Chromium: the machine's own, or the one from npm, which brings the libraries and fonts that it needs.

const OF_THE_MACHINE = [
  process.env.TELLTALE_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const UNPACKED = join(import.meta.dirname, '../../node_modules/.cache/chromium')
const PARTS = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br', 'swiftshader.tar.br']

/** Null where there is none for this machine. */
export async function openBrowser(): Promise<Browser | null> {
  const found = OF_THE_MACHINE.find((path) => path !== undefined && existsSync(path))
  if (found === undefined && (process.platform !== 'linux' || process.arch !== 'x64')) return null
  if (found === undefined) await unpack()
  return chromium.launch({
    executablePath: found ?? join(UNPACKED, 'chromium'),
    args: ['--disable-dev-shm-usage', '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: found === undefined ? withLibraries() : process.env,
  })
}

/** Once a checkout; whole, or not at all. */
async function unpack(): Promise<void> {
  if (existsSync(UNPACKED)) return
  const { inflate } = await import('@sparticuz/chromium')
  const packed = new URL('../bin/', import.meta.resolve('@sparticuz/chromium')).pathname
  mkdirSync(join(UNPACKED, '..'), { recursive: true })
  const beside = mkdtempSync(`${UNPACKED}-`)
  const temporary = process.env.TMPDIR
  // It has no other way to be told where.
  process.env.TMPDIR = beside
  try {
    for (const part of PARTS) await inflate(join(packed, part))
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = temporary
  }
  const fonts = `<fontconfig><dir>${join(UNPACKED, 'fonts')}</dir><cachedir>${join(UNPACKED, 'cache')}</cachedir></fontconfig>`
  writeFileSync(
    join(beside, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">${fonts}`,
  )
  try {
    renameSync(beside, UNPACKED)
  } catch (error) {
    rmSync(beside, { recursive: true, force: true })
    // Another process was quicker.
    if (!existsSync(UNPACKED)) throw error
  }
}

const withLibraries = (): NodeJS.ProcessEnv => ({
  ...process.env,
  FONTCONFIG_FILE: join(UNPACKED, 'fonts.conf'),
  LD_LIBRARY_PATH: [join(UNPACKED, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
})
