import {cacheUseOf, type CacheUse} from '../../core/cache-use.js';
import {clockText, costText, countText} from '../../text/phrases.js';
import {belowText} from '../call-numbers.js';
import {type Spent} from '../spent.js';
import {shortModel} from '../shown-names.js';
import {cacheStates, type CacheState} from './cache-state.js';
import {cacheColumns, cacheLegend, callsOf} from './cost-rows.js';
import {blank, paragraph, piece, type Row} from './rows.js';
import {layTable, type Table} from './table.js';

type Cached = CacheState & {readonly cacheUse: CacheUse};

const legend =
	'Kept: what the provider holds for the next request, in tokens. Cold: when it will have forgotten that, unless it is used before; some promise nothing. Anew: what the next request costs more then.';

/**
What the providers keep of each transcript at a moment, in milliseconds since the Unix epoch, and what it costs more to have it read anew, by transcript in US dollars.
*/
export function cacheRows(
	{pictures}: Pick<Spent, 'pictures'>,
	columns: number,
	{
		now,
		rereadUsd,
	}: {
		readonly now: number | null;
		readonly rereadUsd: ReadonlyMap<string, number | null>;
	},
): Row[] {
	const known = callsOf(pictures);
	const cached = cacheStates(pictures).map((state): Cached => ({
		...state,
		cacheUse: cacheUseOf(state.call, known),
	}));

	if (cached.length === 0) {
		return [[piece('Nobody has read anything yet.', 'dim')]];
	}

	const table: Table<Cached> = {
		name: {
			title: 'who',
			textOf: ({speaker, isLeft}) =>
				`${speaker}${isLeft ? ', as it was before' : ''}`,
		},
		columns: [
			{
				title: 'model',
				textOf: ({model}) => shortModel(model),
				isText: true,
			},
			...cacheColumns,
			{
				title: 'kept',
				textOf: ({prefix}) =>
					isNothingKept(prefix)
						? '–'
						: prefix.tokens === null
							? '?'
							: countText(prefix.tokens),
			},
			{
				title: 'cold',
				textOf: ({prefix}) => coldText(prefix, now),
				isText: true,
			},
			{
				title: 'anew',
				textOf({transcriptId, prefix}) {
					const usd = rereadUsd.get(transcriptId) ?? null;
					return isNothingKept(prefix)
						? '–'
						: usd === null
							? '?'
							: costText(usd);
				},
			},
		],
		givingWay: ['model', 'asked', 'sent', 'observed', 'kept', 'anew'],
		leastName: 12,
	};
	const {titles, rowOf} = layTable(table, cached, columns);

	return [
		titles,
		...cached.map(each => rowOf(each, isCold(each, now) ? 'dim' : 'plain')),
		blank,
		...paragraph(`${legend} ${cacheLegend}`, columns, {tone: 'dim'}),
	];
}

const isNothingKept = ({kind}: CacheState['prefix']) =>
	kind === 'below-minimum' || kind === 'none';

const isCold = ({prefix}: CacheState, now: number | null) =>
	prefix.kind === 'kept' && now !== null && now >= prefix.until;

function coldText(prefix: CacheState['prefix'], now: number | null): string {
	switch (prefix.kind) {
		case 'kept': {
			return now === null
				? '…'
				: now < prefix.until
					? `in ${clockText(prefix.until - now)}`
					: 'cold';
		}

		case 'unpromised': {
			return 'not promised';
		}

		case 'below-minimum': {
			return belowText(prefix.tokens, prefix.minimumTokens);
		}

		case 'none': {
			return 'nothing kept';
		}

		case 'unknown': {
			return '?';
		}
	}
}
