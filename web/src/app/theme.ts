import { type CSSVariablesResolver, createTheme, PasswordInput } from '@mantine/core'

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
    Button: { defaultProps: { size: 'md', mih: 44 } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md', autosize: true, minRows: 3 } },
    Select: { defaultProps: { size: 'md' } },
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
    // Of alerts and quiet buttons: Mantine's own are too pale for AA
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-orange-light-color': '#8a3200',
    '--mantine-color-green-light-color': '#1b5e2a',
    '--mantine-color-blue-light': used.colors.blue[0],
    '--mantine-color-blue-light-hover': used.colors.blue[1],
    '--mantine-color-blue-light-color': used.colors.blue[9],
  },
  dark: {},
})
