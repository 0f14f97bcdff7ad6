import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useProofWanted } from '../api/proof'

interface Props {
  title: string
  opened: boolean
  onClose: () => void
  /** It lies over others, which Escape leaves open then. */
  topmost?: boolean
  children: ReactNode
}

// The opener may be gone by the time the dialog closes: then the focus goes to where the page begins
function keepFocus() {
  if (document.activeElement === document.body) document.querySelector('h1')?.focus()
}

/** A question over the page. The focus goes in, stays in, and returns to where it came from. */
export function Dialog({ title, opened, onClose, topmost = false, children }: Props) {
  const { t } = useTranslation('ui')
  const covered = useProofWanted() && !topmost
  return (
    <Modal
      title={title}
      opened={opened}
      onClose={onClose}
      closeOnEscape={!covered}
      trapFocus={!covered}
      zIndex={topmost ? 300 : 200}
      // The style that it would write to hold the page still has no nonce
      lockScroll={false}
      styles={{ title: { fontWeight: 600, fontSize: '1.25rem' } }}
      onExitTransitionEnd={keepFocus}
      closeButtonProps={{ 'aria-label': t('close'), size: 44 }}
    >
      {children}
    </Modal>
  )
}
