import { Anchor, Button, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import type { Listed } from '../../ui/useListing'
import classes from './Content.module.css'
import { StateBadge } from './StateBadge'

interface BoardProps<Item, State extends string> {
  title: string
  /** Where a head reads what is written here; an editor has the other parts of the console instead. */
  back: { to: string; name: string } | null
  above?: ReactNode
  home: string
  create: string
  states: readonly State[]
  listed: Listed<Item>
  empty: string
  idOf: (item: Item) => string
  about: (item: Item) => ReactNode
}

/** All that was written on a board, the newest first, by its state. */
export function Board<Item extends { title: string; state: State }, State extends string>(
  props: BoardProps<Item, State>,
) {
  const { title, back, above, home, create, states, listed, empty, idOf, about } = props
  const { t } = useTranslation('content')
  return (
    <Page title={title}>
      {back && (
        <Anchor component={Link} to={back.to as never} className={classes.back} mt="-md" w="fit-content">
          ← {back.name}
        </Anchor>
      )}
      {above}
      <Button component={Link} to={`${home}/new` as never} w="fit-content">
        {create}
      </Button>
      <Choices
        label={t('state.label')}
        name="state"
        options={[
          { value: undefined, label: t('state.any') },
          ...states.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
      />
      <Listing listed={listed} empty={empty}>
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <li key={idOf(one)} className={classes.item}>
                <Link to={`${home}/${idOf(one)}` as never} className={classes.title}>
                  {one.title}
                </Link>
                <Group gap="xs">
                  <StateBadge state={one.state} />
                  {about(one)}
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}
