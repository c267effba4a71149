import {type Choice} from '../services.js';
import {type FuzzyMatch} from '../fuzzy.js';
import {aboutCheck, aboutConsortium} from './consortium-rows.js';
import {listRows, placeText, searchRow} from './list.js';
import {
	blank,
	filled,
	marked,
	oneLine,
	paragraph,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';
import {listHeight, matchesOf, pickedIn, type Switcher} from './switcher.js';

/**
From this width on the preview is beside the list.
*/
const wide = 90;
const gap = 3;

export function switcherFace(switcher: Switcher, {columns, rows}: Room): Face {
	const {list, isSearching, isLoaded, remark} = switcher;
	const matches = matchesOf(switcher);
	const isWide = columns >= wide;
	const width = isWide ? Math.floor(columns * 0.4) : columns;
	const height = isWide
		? rows - 1
		: Math.max(1, Math.min(matches.length, listHeight(rows)));
	const entries = listRows(
		matches.map(match => entryOf(match, switcher, width - 2)),
		list.at,
		{columns: width, rows: height},
	);
	const preview = previewRows(switcher, {
		columns: isWide ? columns - width - gap : columns,
		rows: isWide ? rows - 1 : rows - height - 2,
	});

	return {
		title: 'Consortiums',
		note: isLoaded ? placeText(list.at, matches.length) : 'looking…',
		rows: [
			remark === ''
				? searchRow(list.query, columns, {
						hint: 'type to find one',
						isFocused: isSearching,
					})
				: [piece(`! ${remark}`, 'warn')],
			...(isWide
				? entries.map((row, index) => [
						...filled(row, width + gap),
						...(preview[index] ?? blank),
					])
				: [...entries, blank, ...preview]),
		],
		keys: isSearching
			? '↑↓ choose · Enter switch · Tab letters act again · Esc end the search'
			: 'Enter switch · / search · n new · e edit · d copy · Del remove · * default',
	};
}

function entryOf(
	{
		item: {choice, number},
		positions,
	}: FuzzyMatch<{readonly choice: Choice; readonly number: number | null}>,
	{inUse}: Switcher,
	columns: number,
): Row {
	const isInUse =
		inUse?.kind === choice.kind &&
		inUse.consortium.name === choice.consortium.name;
	const facts = [isInUse && 'in use', kindTexts[choice.kind]].filter(Boolean);

	return spread(
		[
			piece(`${number ?? ' '} `, 'dim'),
			...marked(oneLine(choice.consortium.name), positions),
			...(choice.isDefault ? [piece(' *', 'accent')] : []),
		],
		facts.length > 0 ? [piece(facts.join(', '), 'dim')] : [],
		columns,
	);
}

const kindTexts = {
	saved: '',
	'built-in': 'built in',
	chosen: 'not saved',
	changed: 'changed, not saved',
} as const satisfies Record<Choice['kind'], string>;

/**
What is wrong comes first, since the rest may be cut.
*/
function previewRows(switcher: Switcher, {columns, rows}: Room): Row[] {
	const choice = pickedIn(switcher);

	if (!choice) {
		return [
			[
				piece(
					switcher.isLoaded ? 'Nothing has these letters.' : 'looking…',
					'dim',
				),
			],
		];
	}

	const {consortium} = choice;
	const all = [
		...(choice.kind === 'built-in'
			? paragraph('Simulated: its answers mean nothing.', columns, {
					tone: 'dim',
				})
			: []),
		...aboutCheck(switcher.checks.get(consortium) ?? null, columns),
		...aboutConsortium(consortium, columns),
	];

	return all.length > rows
		? [...all.slice(0, Math.max(0, rows - 1)), [piece('…', 'dim')]]
		: all;
}
