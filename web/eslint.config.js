import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const feature = (name) => ({
  files: [`src/features/${name}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `features/(?!${name}/)`, message: 'Features share api/ and ui/, never each other.' },
          {
            regex: '^\\.\\./(?!\\.\\./)(?!texts)',
            message: 'Features share api/ and ui/, never each other.',
          },
        ],
      },
    ],
  },
})

export default tseslint.config(
  { ignores: ['dist', 'src/api/generated', 'node_modules'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  hooks.configs.flat['recommended-latest'],
  { files: ['scripts/*.mjs'], languageOptions: { globals: { Buffer: 'readonly', URL: 'readonly' } } },
  {
    files: ['scripts/serviceWorker.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['self', 'caches', 'fetch', 'setTimeout', 'Request', 'URL', 'VERSION', 'ENTRY', 'SHELL'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    rules: {
      'max-lines': ['error', 250],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...[
    'support',
    'signin',
    'me',
    'home',
    'desk',
    'head',
    'diary',
    'content',
    'contests',
    'polls',
    'lessons',
    'exams',
    'staff',
    'inbox',
    'news',
    'documents',
    'tasks',
  ].map(feature),
)
