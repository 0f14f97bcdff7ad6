// Plugins of the build: the service worker with the list of what it keeps, and files compressed beforehand.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const WORKER = new URL('./serviceWorker.js', import.meta.url)
const PUBLIC = ['/manifest.webmanifest', '/icon.svg', '/icons/192.png']
const SMALLEST = 1024 // bytes: below it a compressed file gains nothing

const contentOf = (file) => (file.type === 'chunk' ? file.code : file.source)

/** sw.js: changes whenever a file of the client does, and only then. */
export const serviceWorker = () => ({
  name: 'ekis-service-worker',
  enforce: 'post',
  apply: 'build',
  async generateBundle(_, bundle) {
    const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry)
    const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
    const template = await readFile(WORKER, 'utf8')
    const said = createHash('sha256').update(template)
    for (const name of Object.keys(bundle).sort()) said.update(`${name}\0`).update(contentOf(bundle[name]))
    for (const path of PUBLIC) said.update(await readFile(new URL(`../public${path}`, import.meta.url)))
    const facts = {
      VERSION: said.digest('hex').slice(0, 16),
      ENTRY: `/${entry.fileName}`,
      SHELL: ['/', ...PUBLIC, ...assets.sort().map((name) => `/${name}`)],
    }
    const head = Object.entries(facts).map(([name, value]) => `const ${name} = ${JSON.stringify(value)}\n`)
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: head.join('') + template })
  },
})

/** What the gateway sends to browsers that can unpack it. */
export const compressed = () => ({
  name: 'ekis-compressed',
  enforce: 'post',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      const content = Buffer.from(contentOf(file))
      if (!/^assets\/.*\.(js|css)$/.test(name) || content.length < SMALLEST) continue
      this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(content, { level: 9 }) })
    }
  },
})
