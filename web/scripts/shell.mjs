// A plugin of the build: the service worker with the list of what it keeps, and files compressed beforehand.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const WORKER = new URL('./serviceWorker.js', import.meta.url)
const PUBLIC = ['manifest.webmanifest', 'icon.svg', 'icons/192.png']
const SMALLEST = 1024 // bytes: below it a compressed file gains nothing

/** Works on files as they are written: what plugins hand around before still has marks in it. */
export const shell = () => ({
  name: 'ekis-shell',
  apply: 'build',
  async writeBundle({ dir }, bundle) {
    const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
    const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry)
    await writeWorker(dir, `/${entry.fileName}`, [...PUBLIC, ...assets.sort()])
    for (const name of assets.filter((one) => /\.(js|css)$/.test(one))) await compress(join(dir, name))
  },
})

/** sw.js: changes whenever a file of the client does, and only then. */
async function writeWorker(dir, entry, names) {
  const template = await readFile(WORKER, 'utf8')
  const said = createHash('sha256').update(template)
  for (const name of ['index.html', ...names]) said.update(name).update(await readFile(join(dir, name)))
  const facts = {
    VERSION: said.digest('hex').slice(0, 16),
    ENTRY: entry,
    SHELL: ['/', ...names.map((name) => `/${name}`)],
  }
  const head = Object.entries(facts).map(([name, value]) => `const ${name} = ${JSON.stringify(value)}\n`)
  await writeFile(join(dir, 'sw.js'), head.join('') + template)
}

/** What the gateway sends to browsers that can unpack it. */
async function compress(path) {
  const content = await readFile(path)
  if (content.length >= SMALLEST) await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }))
}
