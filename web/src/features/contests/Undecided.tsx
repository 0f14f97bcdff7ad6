import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Entries } from '../../ui/entries/Entries'
import { loadUndecided } from '../../ui/entries/entries'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import classes from './Contests.module.css'

/** What waits for the head in all contests. */
export function Undecided() {
  const { t } = useTranslation('contests')
  const listed = useListing(['contests', 'undecided'], loadUndecided)
  return (
    <Page title={t('undecided')} wide>
      <Anchor component={Link} to={'/contests' as never} className={classes.back} mt="-md" w="fit-content">
        ← {t('title')}
      </Anchor>
      <Text>{t('undecided-text')}</Text>
      <Listing listed={listed} empty={t('undecided-empty')}>
        {(items) => <Entries caption={t('undecided-caption')} entries={items} contests="/contests" />}
      </Listing>
    </Page>
  )
}
