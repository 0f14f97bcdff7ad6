import { Text } from '@mantine/core'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session'
import { Page } from '../../ui/Page'
import classes from './Desk.module.css'
import { SECTIONS, sectionsOf } from './sections'
import { StoppedWebhooks } from './StoppedWebhooks'

/** The operator console: what the roles may see in a left column, or in a bar below on a phone. */
export function Desk() {
  const { t } = useTranslation('desk')
  const here = useLocation().pathname
  const seen = sectionsOf(useSession()?.roles ?? [])
  const isHere = (to: string) =>
    to === '/desk' ? here === '/desk' || here.startsWith('/desk/tickets') : here.startsWith(to)
  const current = SECTIONS.find(({ to }) => isHere(to))
  const mayEnter = current === undefined || seen.includes(current)
  return (
    <div className={classes.desk}>
      {seen.length > 0 && (
        <nav className={classes.nav} aria-label={t('sections')}>
          {seen.map(({ code, to }) => (
            <Link
              key={to}
              to={to}
              className={classes.section}
              aria-current={isHere(to) ? 'page' : undefined}
              activeOptions={{ exact: true }} // or /desk would be where one is on all of them
              activeProps={{}}
            >
              {t(`section.${code}`)}
              {code === 'webhooks' && <StoppedWebhooks />}
            </Link>
          ))}
        </nav>
      )}
      <div className={classes.content}>{mayEnter ? <Outlet /> : <NotYours />}</div>
    </div>
  )
}

function NotYours() {
  const { t } = useTranslation('desk')
  return (
    <Page title={t('not-yours')}>
      <Text>{t('not-yours-text')}</Text>
    </Page>
  )
}
