import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from './Content.module.css'

const PARTS = ['news', 'documents', 'contests'] as const

/** What an editor writes in the console. */
export function Parts() {
  const { t } = useTranslation('content')
  const here = useLocation().pathname
  return (
    <nav className={classes.parts} aria-label={t('parts')}>
      {PARTS.map((part) => (
        <Link
          key={part}
          to={`/desk/content/${part}` as never}
          className={classes.part}
          aria-current={here.startsWith(`/desk/content/${part}`) ? 'page' : undefined}
          activeProps={{}}
        >
          {t(`part.${part}`)}
        </Link>
      ))}
    </nav>
  )
}
