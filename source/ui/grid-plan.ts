/**
How the grid shows the instances, the roomiest first: one pane, panes side by side, panes in several rows, one line each.
*/
export const densities = ['focus', 'columns', 'cards', 'rows'] as const;
export type Density = (typeof densities)[number];

/**
In columns and rows of the terminal.
*/
export type Extent = {readonly width: number; readonly height: number};

/**
Where the panes are. They fill the grid row by row; when there are more than `perPage`, the page with the picked one is shown and the last row is kept for what tells of the others.
*/
export type GridPlan = {
	readonly density: Density;
	readonly across: number;
	readonly down: number;
	readonly paneWidth: number;

	/**
	Title included; the first `taller` rows of panes have one more.
	*/
	readonly paneRows: number;
	readonly taller: number;
	readonly perPage: number;

	/**
	A row below the panes that names or counts those that are not shown.
	*/
	readonly hasFooter: boolean;
};

/**
The grid as high as it is, and as low as it gets while the same instances are shown: the panes are arranged for the latter, so that they stay where they are.
*/
type Space = Extent & {
	readonly leastHeight: number;
	readonly instances: number;
};

/**
Blank columns between two panes.
*/
export const gap = 2;

const least = {
	columns: {width: 36, height: 6},
	cards: {width: 22, height: 4},
} as const;

/**
About the shape in which a paragraph reads well: what cards come closest to.
*/
const ideal: Extent = {width: 60, height: 9};
const leastRowWidth = 29;

/**
The plan for a density, or for the next denser one that fits: `rows` always does.
*/
export function planGrid(space: Space, density: Density | null): GridPlan {
	const first = density ?? (space.instances === 1 ? 'focus' : 'columns');

	for (const each of densities.slice(densities.indexOf(first))) {
		const across = acrossIn[each](space);

		if (across !== null) {
			return laidOut(space, each, across);
		}
	}

	return laidOut(space, 'rows', acrossIn.rows(space));
}

/**
How many panes stand side by side; null where they do not fit.
*/
const acrossIn = {
	focus: ({leastHeight, instances}: Space) =>
		leastHeight - (instances > 1 ? 1 : 0) < 2 ? null : 1,
	columns: ({width, leastHeight, instances}: Space) =>
		shareOf(width, instances) < least.columns.width ||
		leastHeight < least.columns.height
			? null
			: instances,
	cards: cardsAcross,
	rows({width, leastHeight, instances}: Space) {
		const most = Math.floor((width + gap) / (leastRowWidth + gap));
		const needed = Math.ceil(instances / Math.max(1, leastHeight));
		return Math.max(1, Math.min(most, needed));
	},
} as const satisfies Record<Density, (space: Space) => number | null>;

/**
Of all ways to lay the cards, the one whose cards are closest to the ideal and leave the fewest places empty.
*/
function cardsAcross({width, leastHeight, instances}: Space): number | null {
	let best: number | null = null;
	let leastCost = Infinity;

	for (let across = 1; across <= instances; across++) {
		const paneWidth = shareOf(width, across);

		if (paneWidth < least.cards.width) {
			break;
		}

		const down = Math.ceil(instances / across);
		const paneRows = Math.floor(leastHeight / down);
		const cost =
			Math.abs(Math.log(paneWidth / ideal.width)) +
			Math.abs(Math.log(paneRows / ideal.height)) +
			(across * down - instances) / instances;

		if (paneRows >= least.cards.height && cost < leastCost) {
			leastCost = cost;
			best = across;
		}
	}

	return best;
}

/**
As many lines as there is room for; panes of the other densities share the height instead.
*/
function laidOut(
	{width, height, instances}: Space,
	density: Density,
	across: number,
): GridPlan {
	const isOfLines = density === 'rows';
	const hasFooter = isOfLines
		? across * height < instances && height > 1
		: density === 'focus' && instances > 1;
	const room = hasFooter ? height - 1 : height;
	const needed = density === 'focus' ? 1 : Math.ceil(instances / across);
	const down = isOfLines ? Math.min(room, needed) : needed;

	return {
		density,
		across,
		down,
		paneWidth: shareOf(width, across),
		paneRows: isOfLines ? 1 : Math.floor(room / down),
		taller: isOfLines ? 0 : room % down,
		perPage: Math.min(instances, across * down),
		hasFooter,
	};
}

/**
How a line of the density `rows` is divided, in columns; what has none is left out.
*/
export type RowColumns = {
	readonly name: number;
	readonly word: number;
	readonly numbers: number;
	readonly snippet: number;
};

/**
The focus mark, the number, the glyph and the blanks between them, and a confidence at the end.
*/
const rowFrame = 7 + 5;
const longNumbers = 28;

export function rowColumnsOf(width: number): RowColumns {
	const word = width < 50 ? 9 : 16;
	const rest = width - rowFrame - word - 1;
	const name = Math.max(1, Math.min(20, rest));
	const beyond = rest - name - gap;
	const numbers = beyond >= 60 ? longNumbers : 0;
	const snippet = beyond - numbers - (numbers > 0 ? gap : 0);
	return {name, word, numbers, snippet: snippet < 16 ? 0 : snippet};
}

const shareOf = (width: number, across: number) =>
	Math.floor((width - gap * (across - 1)) / across);

/**
The instances on the page that has the picked one, `to` not included.
*/
export function pageOf(
	{perPage}: Pick<GridPlan, 'perPage'>,
	{instances, picked}: {readonly instances: number; readonly picked: number},
): {readonly from: number; readonly to: number} {
	const page = Math.floor(Math.min(picked, instances - 1) / perPage);
	const from = Math.max(0, page * perPage);
	return {from, to: Math.min(instances, from + perPage)};
}

/**
The instances as a list of short cells, in as many rows as there are, at most three.
*/
export type StripPlan = {
	readonly across: number;
	readonly down: number;
	readonly cellWidth: number;
	readonly perPage: number;
	readonly hasNames: boolean;

	/**
	The last cell counts those that are not shown.
	*/
	readonly hasCount: boolean;
};

const mostStripRows = 3;
const comfortableCell = 24;
const leastCell = 12;
const leastNamedCell = 18;

/**
Cells as wide as is comfortable, or narrower where that lets all of them fit; the narrowest have no names.
*/
export function planStrip(
	width: number,
	instances: number,
	mostRows = mostStripRows,
): StripPlan {
	const comfortable = Math.floor((width + gap) / (comfortableCell + gap));
	const most = Math.floor((width + gap) / (leastCell + gap));
	const needed = Math.ceil(instances / mostRows);
	const across = Math.max(1, Math.min(most, Math.max(comfortable, needed)));
	const down = Math.min(mostRows, Math.ceil(instances / across));
	const cellWidth = shareOf(width, across);
	const hasCount = across * down < instances;

	return {
		across,
		down,
		cellWidth,
		perPage: hasCount ? Math.max(1, across * down - 1) : instances,
		hasNames: cellWidth >= leastNamedCell,
		hasCount,
	};
}
