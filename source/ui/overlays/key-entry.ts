import {type KeyPress} from '../keys.js';
import {type Loaded} from '../requests.js';
import {type KeyEntry as ProviderKey} from '../services.js';
import {listRows, movedIn, placeText, within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {
	blank,
	paragraph,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
A provider whose key is to be stored. The key itself is never here: it stays in the field that is drawn.
*/
export type KeyEntry = {
	readonly type: 'key-entry';
	readonly keys: readonly ProviderKey[] | null;
	readonly at: number;

	/**
	The provider that was asked for, until it is known whether there is such a one.
	*/
	readonly wanted: string | null;

	/**
	Whose key is being typed; null while one is chosen.
	*/
	readonly provider: string | null;
};

/**
For whoever opens it to ask for the keys.
*/
export function keyEntryOf(provider: string | null): KeyEntry {
	return {
		type: 'key-entry',
		keys: null,
		at: 0,
		wanted: provider,
		provider: null,
	};
}

/**
While a key is typed every key but Escape belongs to its field.
*/
export function pressKeyEntry(
	entry: KeyEntry,
	{chord}: KeyPress,
	{rows}: Room,
): OverlayStep {
	const {keys, at, provider} = entry;

	if (chord === 'escape') {
		return {overlay: provider === null ? null : {...entry, provider: null}};
	}

	if (provider !== null) {
		return {overlay: entry};
	}

	const total = keys?.length ?? 0;

	if (chord === 'enter') {
		const picked = keys?.[within(at, total)];
		return {overlay: picked ? {...entry, provider: picked.provider} : entry};
	}

	const to = movedIn(at, chord, {total, page: rows});
	return {overlay: to === null ? entry : {...entry, at: to}};
}

export function keyEntryLoaded(entry: KeyEntry, loaded: Loaded): OverlayStep {
	if (loaded.kind !== 'keys') {
		return {overlay: entry};
	}

	const {keys} = loaded;
	const wanted = keys.findIndex(
		({provider}) => provider === entry.wanted?.toLowerCase(),
	);
	const isThere = wanted !== -1;

	return {
		overlay: {
			...entry,
			keys,
			at: isThere ? wanted : within(entry.at, keys.length),
			wanted: isThere ? null : entry.wanted,
			provider: isThere ? keys[wanted]!.provider : entry.provider,
		},
	};
}

/**
Whose key is being typed; null while one is chosen.
*/
export function keyTyped({keys, provider}: KeyEntry): ProviderKey | null {
	return keys?.find(key => key.provider === provider) ?? null;
}

export function keyEntryFace(entry: KeyEntry, {columns, rows}: Room): Face {
	const {keys, at, wanted} = entry;
	const about = keyTyped(entry);

	if (about) {
		return {
			title: `Key of ${about.provider}`,
			note: '',
			rows: [
				...paragraph(
					about.source === null
						? 'There is none yet.'
						: about.source === 'stored'
							? 'One is stored; the new one takes its place.'
							: `There is one in ${about.source}; a stored one goes before it.`,
					columns,
				).slice(0, 2),
				...paragraph(
					'It is kept in a file that only you can read, and never shown.',
					columns,
					{tone: 'dim'},
				),
				blank,
			],
			keys: 'type or paste the key · Enter store it · Esc back',
		};
	}

	const unknown =
		keys && wanted !== null
			? [[piece(`There is no provider called "${wanted}".`, 'warn')]]
			: [];

	return {
		title: 'Whose key?',
		note: keys ? placeText(at, keys.length) : 'looking…',
		rows: [
			...unknown,
			...listRows(
				(keys ?? []).map(key => rowOf(key, columns - 2)),
				at,
				{
					columns,
					rows: rows - unknown.length,
				},
			),
		],
		keys: '↑↓ choose · Enter type its key · Esc close',
	};
}

function rowOf(
	{provider, source, variables}: ProviderKey,
	columns: number,
): Row {
	return spread(
		[piece(provider)],
		[
			source === null
				? piece(
						variables.length === 0
							? 'none'
							: `none (or ${variables.join(', ')})`,
						'dim',
					)
				: piece(source === 'stored' ? '✓ stored' : `✓ from ${source}`, 'good'),
		],
		columns,
	);
}
