import {type LoggedResponse} from '../../store/responses.js';
import {costText, shareText} from '../../text/phrases.js';
import {shortened} from '../../text/shortened.js';
import {
	excerpt,
	isNarrow,
	minuteOf,
	sharedTable,
	shortMinuteOf,
} from '../table.js';

type Options = {
	readonly hasUsage: boolean;

	/**
	Responses of all roles are listed.
	*/
	readonly hasRole: boolean;

	/**
	They were chosen by their confidence.
	*/
	readonly hasConfidence: boolean;

	/**
	Columns of the terminal, or `Infinity`.
	*/
	readonly width: number;

	/**
	How an id is shortened where there is little room.
	*/
	readonly shortId: (id: string) => string;
};

const always = [
	'id',
	'startedAt',
	'role',
	'model',
	'members',
	'prompt',
	'response',
] as const satisfies Array<keyof LoggedResponse>;

const whenAsked = [
	'confidence',
	'inputTokens',
	'outputTokens',
	'simulated',
	'costUsd',
	'costIsComplete',
] as const satisfies Array<keyof LoggedResponse>;

type Row = Pick<LoggedResponse, (typeof always)[number]> &
	Partial<Pick<LoggedResponse, (typeof whenAsked)[number]>>;

/**
What is to be read of each response.
*/
export function wantedOf({
	hasUsage,
	hasConfidence,
}: Pick<Options, 'hasUsage' | 'hasConfidence'>) {
	return hasUsage || hasConfidence ? [...always, ...whenAsked] : always;
}

/**
Responses in a table, a line each; nothing when there are none.
*/
export function* listingTable(
	rows: Iterable<Row>,
	options: Options,
): Generator<string> {
	const {hasUsage, hasRole, hasConfidence, width, shortId} = options;
	const isShort = isNarrow(width);
	const timeOf = isShort ? shortMinuteOf : minuteOf;
	const cells = Array.from(rows, row => [
		isShort ? shortId(row.id) : row.id,
		row.startedAt === null ? '?' : timeOf(row.startedAt),
		...(hasRole ? [row.role] : []),
		...(hasConfidence ? [shareText(row.confidence ?? null)] : []),
		shortened(modelOf(row), isShort ? narrowLength : modelLength),
		...(hasUsage
			? [`${row.inputTokens ?? '?'} → ${row.outputTokens ?? '?'}`, costOf(row)]
			: []),
		excerpt(row.prompt),
		row.response === '' ? '(empty)' : excerpt(row.response),
	]);

	if (cells.length > 0) {
		const headings = [
			'id',
			'time',
			...(hasRole ? ['role'] : []),
			...(hasConfidence ? ['conf'] : []),
			'by',
			...(hasUsage ? ['tokens', 'cost'] : []),
			'prompt',
			'answer',
		];
		yield sharedTable(headings, cells, {width, shared: ['prompt', 'answer']});
	}
}

const modelLength = 48;
const narrowLength = 18;

/**
A consortium that has no name is told by its members.
*/
function modelOf({model, members}: Row): string {
	return model === 'unsaved' && members !== null ? members : model;
}

function costOf({simulated, costUsd = null, costIsComplete}: Row): string {
	return simulated
		? 'simulated'
		: costUsd === null
			? '?'
			: costText(costUsd, costIsComplete);
}
