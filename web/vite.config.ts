import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { shell } from './scripts/shell.mjs'

// The gateway writes a nonce into index.html and into the policy of each answer; nothing of a third host is loaded.
export default defineConfig({
  plugins: [react(), shell()],
  build: { target: 'es2022', sourcemap: false },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
