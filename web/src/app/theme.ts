import { type CSSVariablesResolver, createTheme, PasswordInput } from '@mantine/core'

/** The list box itself scrolls, which screen readers and axe know how to take. */
const scrolled = { options: { maxHeight: 240, overflowY: 'auto' } } as const

/** What a quiet button of a colour is made of: dark enough on its own ground, also under a pointer. */
const light = (name: string, colors: readonly string[]) => ({
  [`--mantine-color-${name}-light`]: colors[0]!,
  [`--mantine-color-${name}-light-hover`]: colors[1]!,
  [`--mantine-color-${name}-light-color`]: colors[9]!,
})

/** One deep blue for what acts, one warm accent for what waits; contrast of WCAG 2.1 AA on white. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: 9,
  fontFamily: "'Golos Text Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Golos Text Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: { styles: { title: { color: 'var(--mantine-color-dark-9)' } } },
    Badge: { defaultProps: { variant: 'light', c: 'dark.9', tt: 'none' } },
    Button: { defaultProps: { size: 'md', mih: 44 } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 3 } },
    Select: { defaultProps: { size: 'md', withScrollArea: false }, styles: scrolled },
    TagsInput: { defaultProps: { size: 'md', withScrollArea: false }, styles: scrolled },
    Autocomplete: { defaultProps: { size: 'md', withScrollArea: false }, styles: scrolled },
    Checkbox: { defaultProps: { size: 'md' } },
    Radio: { defaultProps: { size: 'md' } },
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
  },
})

export const variables: CSSVariablesResolver = (used) => ({
  variables: {},
  light: {
    '--mantine-color-error': used.colors.red[9],
    '--mantine-color-dimmed': used.colors.gray[7],
    '--mantine-color-placeholder': used.colors.gray[7],
    '--mantine-color-anchor': used.colors.blue[9],
    ...light('blue', used.colors.blue),
    ...light('red', used.colors.red),
    // Of alerts: Mantine's own are too pale for AA
    '--mantine-color-orange-light-color': '#8a3200',
    '--mantine-color-green-light-color': '#1b5e2a',
  },
  dark: {},
})
