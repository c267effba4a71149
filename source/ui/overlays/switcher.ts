import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../core/consortium.js';
import {fuzzy, type FuzzyMatch} from '../fuzzy.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {type Check, type Choice} from '../services.js';
import {confirmOf} from './confirm.js';
import {formOf} from './form.js';
import {firstList, movedIn, pressList, within, type List} from './list.js';
import {type OverlayStep} from './overlay.js';
import {oneLine, type Room} from './rows.js';

/**
The consortiums there are. The list has the keys first, so that letters are actions; in the search, which `/` or Tab begins, they are letters.
*/
export type Switcher = {
	readonly type: 'switcher';
	readonly choices: readonly Choice[];

	/**
	The one in use, and that it stands before the others since it is none of them.
	*/
	readonly inUse: Choice | null;
	readonly isLoaded: boolean;
	readonly isSearching: boolean;
	readonly list: List;

	/**
	Null for one that was asked for and has not come.
	*/
	readonly checks: ReadonlyMap<SavedConsortium, Check | null>;

	/**
	Why the last key did nothing; empty when it did.
	*/
	readonly remark: string;
};

/**
For whoever opens it to ask for the consortiums.
*/
export function switcherOf(
	choices: readonly Choice[],
	inUse: Choice | null,
): Switcher {
	const switcher: Switcher = {
		type: 'switcher',
		choices,
		inUse,
		isLoaded: false,
		isSearching: false,
		list: firstList,
		checks: new Map(),
		remark: '',
	};
	return pickedBy(switcher, inUse);
}

/**
What can be chosen: all that are saved or built in, after the one in use where it is none of them. `number` is what Alt switches to it by.
*/
export function matchesOf({
	choices,
	inUse,
	list,
}: Pick<Switcher, 'choices' | 'inUse' | 'list'>): Array<
	FuzzyMatch<{readonly choice: Choice; readonly number: number | null}>
> {
	const isOwn = inUse?.kind === 'chosen' || inUse?.kind === 'changed';
	const all = [
		...(isOwn ? [{choice: inUse, number: null}] : []),
		...choices.map((choice, index) => ({
			choice,
			number: index < 9 ? index + 1 : null,
		})),
	];

	return fuzzy(list.query.text, all, ({choice}) =>
		oneLine(choice.consortium.name),
	);
}

export function pickedIn(switcher: Switcher): Choice | null {
	const matches = matchesOf(switcher);
	return matches[within(switcher.list.at, matches.length)]?.item.choice ?? null;
}

/**
With this one picked; where it is gone, what took its place.
*/
function pickedBy(switcher: Switcher, choice: Choice | null): Switcher {
	const matches = matchesOf(switcher);
	const at = matches.findIndex(
		({item}) =>
			item.choice.kind === choice?.kind &&
			item.choice.consortium.name === choice.consortium.name,
	);
	const {list} = switcher;

	return {
		...switcher,
		list: {...list, at: at === -1 ? within(list.at, matches.length) : at},
	};
}

/**
The overlay, and a question about the picked one where nobody asked yet.
*/
function withCheck(switcher: Switcher): OverlayStep {
	const consortium = pickedIn(switcher)?.consortium;

	return consortium && switcher.isLoaded && !switcher.checks.has(consortium)
		? {
				overlay: {
					...switcher,
					checks: new Map([...switcher.checks, [consortium, null]]),
				},
				requests: [{type: 'load', what: {kind: 'check', consortium}}],
			}
		: {overlay: switcher};
}

const actions = new Map<string, (switcher: Switcher) => OverlayStep>([
	['n', switcher => opened(switcher, blankConsortium, null)],
	['e', edited],
	['d', duplicated],
	['delete', removed],
	['*', madeDefault],
]);

export function pressSwitcher(
	switcher: Switcher,
	key: KeyPress,
	room: Room,
): OverlayStep {
	const {chord} = key;
	const said = {...switcher, remark: ''};
	const byCtrl = /^ctrl\+([ned])$/.exec(chord)?.[1];
	const byLetter = switcher.isSearching && chord !== 'delete' ? '' : chord;
	const action = actions.get(byCtrl ?? byLetter);

	if (action) {
		return action(said);
	}

	if (/^alt\+[1-9]$/.test(chord)) {
		return switched(said, said.choices[Number(chord.at(-1)) - 1] ?? null);
	}

	switch (chord) {
		case 'enter': {
			return switched(said, pickedIn(said));
		}

		case 'tab':
		case 'shift+tab': {
			return {overlay: {...said, isSearching: !said.isSearching}};
		}

		case 'escape': {
			return said.isSearching || said.list.query.text !== ''
				? withCheck({...said, isSearching: false, list: firstList})
				: {overlay: null};
		}

		default: {
			return moved(said, key, room);
		}
	}
}

function moved(switcher: Switcher, key: KeyPress, {rows}: Room): OverlayStep {
	const extent = {total: matchesOf(switcher).length, page: listHeight(rows)};

	if (switcher.isSearching) {
		const list = pressList(switcher.list, key, extent);
		return withCheck(list ? {...switcher, list} : switcher);
	}

	if (key.chord === '/') {
		return {overlay: {...switcher, isSearching: true}};
	}

	const at = movedIn(switcher.list.at, key.chord, extent);
	return at === null
		? {overlay: switcher}
		: withCheck({...switcher, list: {...switcher.list, at}});
}

/**
How many rows the list has where the preview is below it.
*/
export function listHeight(rows: number): number {
	return Math.max(1, Math.floor((rows - 2) / 2));
}

function switched(switcher: Switcher, choice: Choice | null): OverlayStep {
	return choice
		? {overlay: null, requests: [{type: 'switch', choice}]}
		: {overlay: switcher};
}

const blankConsortium: SavedConsortium = {
	...consortiumDefaults,
	name: '',
	members: [],
	arbiters: [],
};

function opened(
	switcher: Switcher,
	consortium: SavedConsortium,
	replaces: string | null,
): OverlayStep {
	const requests: Request[] = [
		{type: 'load', what: {kind: 'consortiums'}},
		{type: 'load', what: {kind: 'models'}},
		...(consortium.members.length > 0
			? [{type: 'load', what: {kind: 'check', consortium}} as const]
			: []),
	];
	return {overlay: switcher, opens: formOf(consortium, replaces), requests};
}

const builtIn = (name: string, verb: string) =>
	`${name} is built in and cannot be ${verb}; d makes a copy of it.`;

function edited(switcher: Switcher): OverlayStep {
	const choice = pickedIn(switcher);

	if (!choice) {
		return {overlay: switcher};
	}

	const {kind, consortium} = choice;
	const {name} = consortium;
	const isSaved = switcher.choices.some(
		each => each.kind === 'saved' && each.consortium.name === name,
	);
	return kind === 'built-in'
		? {overlay: {...switcher, remark: builtIn(name, 'edited')}}
		: opened(switcher, consortium, isSaved ? name : null);
}

function duplicated(switcher: Switcher): OverlayStep {
	const choice = pickedIn(switcher);

	if (!choice) {
		return {overlay: switcher};
	}

	const names = new Set(
		switcher.choices.map(({consortium}) => consortium.name),
	);
	const copy = `${choice.consortium.name}-copy`;
	let name = copy;

	for (let number = 2; names.has(name); number++) {
		name = `${copy}-${number}`;
	}

	return opened(switcher, {...choice.consortium, name}, null);
}

function removed(switcher: Switcher): OverlayStep {
	const choice = pickedIn(switcher);

	if (!choice) {
		return {overlay: switcher};
	}

	const {name} = choice.consortium;

	return choice.kind === 'saved'
		? {
				overlay: switcher,
				opens: confirmOf(
					`Remove the consortium ${name}? What it answered stays in the log.`,
					{type: 'remove', name},
				),
			}
		: {
				overlay: {
					...switcher,
					remark:
						choice.kind === 'built-in'
							? builtIn(name, 'removed')
							: `${name} is not saved; e saves it.`,
				},
			};
}

function madeDefault(switcher: Switcher): OverlayStep {
	const choice = pickedIn(switcher);

	return choice?.kind === 'saved'
		? {
				overlay: switcher,
				requests: [{type: 'make-default', name: choice.consortium.name}],
			}
		: {
				overlay: {
					...switcher,
					remark: 'Only one that is saved can be the default.',
				},
			};
}

export function switcherLoaded(
	switcher: Switcher,
	loaded: Loaded,
): OverlayStep {
	if (loaded.kind === 'check' && switcher.checks.has(loaded.consortium)) {
		return {
			overlay: {
				...switcher,
				checks: new Map([
					...switcher.checks,
					[loaded.consortium, loaded.check],
				]),
			},
		};
	}

	return loaded.kind === 'consortiums'
		? withCheck(
				pickedBy(
					{
						...switcher,
						choices: loaded.choices,
						isLoaded: true,
						checks: new Map(),
					},
					pickedIn(switcher),
				),
			)
		: {overlay: switcher};
}
