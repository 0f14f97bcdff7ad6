import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './DecisionBar.module.css'

/** The one place where a thing is decided; stays in sight while its parent does. */
export function DecisionBar({ children }: { children: ReactNode }) {
  const { t } = useTranslation('ui')
  return (
    <div className={classes.bar} role="group" aria-label={t('decision')}>
      {children}
    </div>
  )
}
