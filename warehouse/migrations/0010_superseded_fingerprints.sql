-- What finds the articles that still carry a sentence that another has lost, without reading all texts.

create table internal.superseded_fingerprints (
    article_id varchar not null,
    version integer not null,
    method integer not null,
    fingerprints bigint[] not null,
    primary key (article_id, version)
);

comment on table internal.superseded_fingerprints is 'Fingerprints of the versions that a newer one has replaced, as internal.indexed_articles has those of the newest; derived from their texts.';
comment on column internal.superseded_fingerprints.article_id is 'Id of the article.';
comment on column internal.superseded_fingerprints.version is 'The version that was replaced.';
comment on column internal.superseded_fingerprints.method is 'As in internal.indexed_articles.';
comment on column internal.superseded_fingerprints.fingerprints is 'Hashes of chosen runs of five words, ascending; texts that share a run of twelve words share one.';

-- an abbreviation is one word, and so is one with vowel signs, as the fingerprints have it
create macro internal.count_whole_words(sentence) as internal.count_words(
    internal.fold_text(
        regexp_replace(
            regexp_replace(
                regexp_replace(sentence, '\p{M}+', '', 'g'),
                '(\p{L})\.(\p{L})',
                '\1\2',
                'g'
            ),
            '(\p{L})\.(\p{L})',
            '\1\2',
            'g'
        )
    )
);

create or replace view uncorrected_copies as
with edited as (
    select
        article_id as source_id,
        text as newest_text,
        ' ' || internal.fold_text(text) || ' ' as newest_folded,
        published_earliest
    from articles
    where version > 1
),

old_sentences as (
    select
        article_versions.article_id as source_id,
        article_versions.version,
        unnest(internal.split_sentences(article_versions.text)) as sentence
    from article_versions
    inner join articles
        on
            article_versions.article_id = articles.article_id
            and article_versions.version < articles.version
),

folded_sentences as (
    select
        source_id,
        version,
        trim(sentence) as sentence,
        internal.fold_text(sentence) as folded
    from old_sentences
),

-- fewer than five words are said by anybody
lost as (
    select
        folded_sentences.source_id,
        folded_sentences.folded,
        max(folded_sentences.version) as source_version,
        arg_max(folded_sentences.sentence, folded_sentences.version) as sentence
    from folded_sentences
    inner join edited using (source_id)
    where
        internal.count_words(folded_sentences.folded) >= 5
        and not contains(edited.newest_folded, ' ' || folded_sentences.folded || ' ')
    group by
        folded_sentences.source_id,
        folded_sentences.folded
),

-- of a pair whose order is known only the later one copies
pairs as (
    select
        article_id,
        source_id
    from copies
    union all
    select
        source_id as article_id,
        article_id as source_id
    from copies
    where direction <> 'source_first'
),

kept_by_pairs as (
    select
        pairs.article_id,
        lost.source_id,
        lost.folded,
        min(paragraphs.position) as paragraph
    from lost
    inner join pairs using (source_id)
    inner join paragraphs
        on
            pairs.article_id = paragraphs.article_id
            and contains(' ' || internal.fold_text(paragraphs.text) || ' ', ' ' || lost.folded || ' ')
    group by
        pairs.article_id,
        lost.source_id,
        lost.folded
),

-- where the sentence was all that two articles shared, they are no pair any more
long_lost as (
    select
        source_id,
        folded,
        source_version
    from lost
    where internal.count_whole_words(sentence) >= 12
),

-- a text that holds such a sentence shares a fingerprint with the version that had it
marks as (
    select distinct unnest(superseded.fingerprints) as fingerprint
    from internal.superseded_fingerprints as superseded
    semi join long_lost
        on
            superseded.article_id = long_lost.source_id
            and superseded.version = long_lost.source_version
),

marked as (
    select distinct article_id
    from internal.fingerprints
    semi join marks using (fingerprint)
),

of_the_stories as (
    select article_id
    from story_articles
    where
        story in (
            select story_articles.story
            from story_articles
            inner join long_lost on story_articles.article_id = long_lost.source_id
        )
    union
    select article_id
    from articles
    where
        exists (
            select 1
            from long_lost
            where long_lost.source_id not in (select story_articles.article_id from story_articles)
        )
),

nearby as (
    select article_id
    from of_the_stories
    semi join marked using (article_id)
),

nearby_sentences as (
    select
        paragraphs.article_id,
        paragraphs.position,
        unnest(internal.split_sentences(paragraphs.text)) as sentence
    from paragraphs
    inner join nearby using (article_id)
),

kept_by_others as (
    select
        nearby_sentences.article_id,
        long_lost.source_id,
        long_lost.folded,
        min(nearby_sentences.position) as paragraph
    from nearby_sentences
    inner join long_lost on internal.fold_text(nearby_sentences.sentence) = long_lost.folded
    inner join edited using (source_id)
    inner join articles on nearby_sentences.article_id = articles.article_id
    where
        nearby_sentences.article_id <> long_lost.source_id
        and not coalesce(articles.published_latest < edited.published_earliest, false)
        and not exists (
            select 1
            from copies
            where
                copies.article_id = long_lost.source_id
                and copies.source_id = nearby_sentences.article_id
                and copies.direction = 'source_first'
        )
    group by
        nearby_sentences.article_id,
        long_lost.source_id,
        long_lost.folded
),

kept as (
    select
        article_id,
        source_id,
        folded,
        paragraph
    from kept_by_pairs
    union
    select
        article_id,
        source_id,
        folded,
        paragraph
    from kept_by_others
    where (article_id, source_id) not in (select (pairs.article_id, pairs.source_id) from pairs)
),

-- each text and sentence is folded once, not for each pair of sentences
new_sentences as materialized (
    select
        source_id,
        trim(sentence) as sentence,
        internal.fold_text(sentence) as folded
    from (
        select
            source_id,
            unnest(internal.split_sentences(newest_text)) as sentence
        from edited
        where source_id in (select kept.source_id from kept)
    )
),

old_texts as materialized (
    select
        article_versions.article_id as source_id,
        article_versions.version as source_version,
        ' ' || internal.fold_text(article_versions.text) || ' ' as folded
    from article_versions
    semi join lost
        on
            article_versions.article_id = lost.source_id
            and article_versions.version = lost.source_version
    where article_versions.article_id in (select kept.source_id from kept)
),

added as materialized (
    select
        old_texts.source_id,
        old_texts.source_version,
        new_sentences.sentence,
        string_split(new_sentences.folded, ' ') as words
    from new_sentences
    inner join old_texts using (source_id)
    where not contains(old_texts.folded, ' ' || new_sentences.folded || ' ')
),

-- half of the words have to be the same for a sentence to be the other one, rewritten
rewritten as (
    select
        lost.source_id,
        lost.folded,
        arg_max(added.sentence, len(list_intersect(string_split(lost.folded, ' '), added.words))) as sentence
    from lost
    inner join added using (source_id, source_version)
    where
        2 * len(list_intersect(string_split(lost.folded, ' '), added.words)) >= greatest(
            len(list_distinct(string_split(lost.folded, ' '))),
            len(list_distinct(added.words))
        )
    group by
        lost.source_id,
        lost.folded
),

seen as (
    select
        article_id,
        max(fetched_at) as seen_at
    from internal.captures
    where
        article_id in (select kept.article_id from kept)
        and outcome in ('kept', 'unchanged')
    group by article_id
)

select
    kept.article_id,
    kept.source_id,
    lost.sentence as text,
    rewritten.sentence as source_text_now,
    kept.paragraph,
    lost.source_version,
    next_version.fetched_at as source_changed_at,
    seen.seen_at as copy_seen_at
from kept
inner join lost
    on
        kept.source_id = lost.source_id
        and kept.folded = lost.folded
inner join article_versions as next_version
    on
        lost.source_id = next_version.article_id
        and lost.source_version + 1 = next_version.version
left join rewritten
    on
        kept.source_id = rewritten.source_id
        and kept.folded = rewritten.folded
left join seen on kept.article_id = seen.article_id;

comment on view uncorrected_copies is 'A sentence that an article still carries though the article that it shares text with has since removed or changed it. Case, accents, quotation marks and white space make no difference; sentences under five words don''t count. Articles whose only common sentence is gone from one of them (twelve words or more, an abbreviation being one) are found too, within a story.';
comment on column uncorrected_copies.article_id is 'The article that still carries it. Never one that is proven to be earlier than the other.';
comment on column uncorrected_copies.source_id is 'The article that carries it no longer.';
comment on column uncorrected_copies.text is 'The sentence as the source had it.';
comment on column uncorrected_copies.source_text_now is 'The sentence that the source has in its place: at least half of the words are the same. Null when it was removed.';
comment on column uncorrected_copies.paragraph is 'Position of the article''s paragraph that holds it.';
comment on column uncorrected_copies.source_version is 'Newest version of the source that had it; the next one doesn''t.';
comment on column uncorrected_copies.source_changed_at is 'When the source was first seen without it.';
comment on column uncorrected_copies.copy_seen_at is 'When the article''s own text was last seen as it is: before source_changed_at means that it may have been corrected since.';
