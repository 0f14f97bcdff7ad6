import { Drawer } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnread } from '../api/unread'
import classes from './Navigation.module.css'
import { ICONS, sectionsOf } from './sections'

type Seen = ReturnType<typeof sectionsOf>

/** The sections of the cabinet: a left column, or on a phone a bar of five below, the last of which opens the rest. */
export function Navigation({ seen }: { seen: Seen }) {
  const { t } = useTranslation('ui')
  return (
    <nav className={classes.nav} aria-label={t('sections')}>
      <Links seen={seen} className={classes.section!} />
      {seen.length > 0 && <More seen={seen.filter(({ bar }) => !bar)} />}
    </nav>
  )
}

interface LinksProps {
  seen: Seen
  className: string
  onFollow?: () => void
}

function Links({ seen, className, onFollow }: LinksProps) {
  const { t } = useTranslation('ui')
  const isHere = useIsHere()
  return seen.map(({ code, to, bar }) => (
    <Link
      key={to}
      to={to as never}
      className={className}
      data-bar={bar}
      onClick={onFollow}
      aria-current={isHere(to) ? 'page' : undefined}
      activeOptions={{ exact: true }} // its own aria-current would not say where one is on the pages within
      activeProps={{}}
    >
      <Icon of={code} />
      <span>{t(`section.${code}`)}</span>
      {code === 'inbox' && <Unread />}
    </Link>
  ))
}

function More({ seen }: { seen: Seen }) {
  const { t } = useTranslation('ui')
  const [opened, setOpened] = useState(false)
  const isHere = useIsHere()
  const close = () => setOpened(false)
  return (
    <>
      <button
        type="button"
        className={`${classes.section} ${classes.more}`}
        aria-haspopup="dialog"
        aria-expanded={opened}
        data-here={seen.some(({ to }) => isHere(to)) || undefined}
        onClick={() => setOpened(true)}
      >
        <Icon of="more" />
        <span>{t('section.more')}</span>
      </button>
      <Drawer
        title={t('sections')}
        opened={opened}
        onClose={close}
        position="bottom"
        size="auto"
        lockScroll={false} // the style that it would write has no nonce
        closeButtonProps={{ 'aria-label': t('close'), size: 44 }}
      >
        <nav aria-label={t('section.more')} className={classes.rest}>
          <Links seen={seen} className={classes.way!} onFollow={close} />
        </nav>
      </Drawer>
    </>
  )
}

function Unread() {
  const { t } = useTranslation('ui')
  const count = useUnread()
  if (count === 0) return null
  return (
    <span className={classes.badge}>
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className={classes.spoken}>{t('unread', { count })}</span>
    </span>
  )
}

const Icon = ({ of }: { of: keyof typeof ICONS }) => (
  <svg className={classes.icon} viewBox="0 0 24 24" aria-hidden>
    <path d={ICONS[of]} />
  </svg>
)

function useIsHere() {
  const here = useLocation().pathname
  return (to: string) => here === to || here.startsWith(`${to}/`)
}
