import {unknownUsage} from '../../core/model.js';
import {type LoggedResponse} from '../../store/responses.js';
import {escaped} from '../../text/escaped.js';
import {fencedBlocks} from '../../text/fenced-blocks.js';
import {costText, shareText, usageText} from '../../text/phrases.js';
import {shortened} from '../../text/shortened.js';
import {localTime} from '../table.js';
import {type ListingForm} from './listing-request.js';

type Rows = Iterable<LoggedResponse>;

type Options = {
	readonly hasUsage: boolean;

	/**
	Prompts and responses are cut to 100 characters, and JSON is left out.
	*/
	readonly isTruncated: boolean;
};

const truncatedLength = 100;
const excerptLength = 500;
const shortLength = 120;

/**
How much of prompts and responses a form needs; null for all.
*/
export function textLengthOf(
	form: ListingForm,
	isTruncated: boolean,
): number | null {
	return isTruncated && form !== 'short' ? truncatedLength + 1 : null;
}

/**
Responses in each form, in pieces to be written one behind the other; no piece when there is nothing to say, but for JSON.
*/
export const listingForms = {
	full: markdown,
	short: yaml,
	json: jsonArray,
	*response(rows) {
		for (const {response} of rows) {
			yield line(response);
		}
	},
	extract: rows => firstBlock(rows, 0),
	xl: rows => firstBlock(rows, -1),
} as const satisfies Record<
	Exclude<ListingForm, 'table'>,
	(rows: Rows, options: Options) => Iterable<string>
>;

const line = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);

/**
The block at this place in the first response that has any.
*/
function* firstBlock(rows: Rows, place: 0 | -1): Generator<string> {
	for (const {response} of rows) {
		const block = fencedBlocks(response).at(place);

		if (block !== undefined) {
			yield line(block);
			return;
		}
	}
}

function* jsonArray(rows: Rows, {isTruncated}: Options): Generator<string> {
	let before = '[';

	for (const row of rows) {
		const text = JSON.stringify(
			isTruncated ? truncated(row) : row,
			(key, value: unknown) =>
				isTruncated && key.endsWith('Json') ? undefined : value,
			2,
		);
		yield `${before}\n  ${escaped(text).replaceAll('\n', '\n  ')}`;
		before = ',';
	}

	yield before === '[' ? '[]\n' : '\n]\n';
}

/**
As llm's short form: every value is written as JSON, which is YAML too, whatever it holds.
*/
function* yaml(rows: Rows, {hasUsage}: Options): Generator<string> {
	for (const row of rows) {
		const {system} = row;
		const entries: ReadonlyArray<readonly [string, string | number | null]> = [
			['id', row.id],
			['model', row.model],
			['datetime', utcOf(row)],
			['conversation', row.conversationId],
			['run', row.consortiumId],
			['role', row.role],
			['state', row.state],
			['confidence', row.confidence],
			...(system === null || system === ''
				? []
				: ([['system', shortened(system, shortLength)]] as const)),
			['prompt', shortened(row.prompt, shortLength, 'both ends')],
		];
		const usage = {
			input: row.inputTokens,
			output: row.outputTokens,
			details: row.tokenDetails,
			cost_usd: row.costUsd,
		};
		const lines = [
			...entries.map(
				([key, value]) => `${key}: ${escaped(JSON.stringify(value))}`,
			),
			...(hasUsage
				? [
						'usage:',
						...Object.entries(usage).map(
							([key, value]) => `  ${key}: ${escaped(JSON.stringify(value))}`,
						),
					]
				: []),
		];
		yield `- ${lines.join('\n  ')}\n`;
	}
}

function* markdown(
	rows: Rows,
	{hasUsage, isTruncated}: Options,
): Generator<string> {
	let lastSystem: string | null = null;

	for (const each of rows) {
		const row = isTruncated ? truncated(each) : each;
		const {system} = row;
		yield [
			...headerOf(row),
			...section('Prompt', row.prompt),
			...(system === null || ['', lastSystem].includes(system)
				? []
				: section('System', system)),
			...section('Response', row.response),
			...(hasUsage ? [`Usage: ${usageOf(row)}`, ''] : []),
			'',
		].join('\n');
		lastSystem = system;
	}
}

function headerOf(row: LoggedResponse): string[] {
	const options = shortened(row.optionsJson ?? '', excerptLength);
	const resolved =
		row.resolvedModel === null ? '' : ` (${oneLine(row.resolvedModel)})`;

	return [
		`# ${oneLine(utcOf(row))}    conversation: ${oneLine(row.conversationId ?? '-')} id: ${oneLine(row.id)}`,
		'',
		`Model: **${oneLine(row.model)}**${resolved}`,
		'',
		...(row.consortiumId === null ? [] : [`Run: ${placeOf(row)}`, '']),
		...(['', '{}'].includes(options) ? [] : [`Options: ${options}`, '']),
	];
}

const section = (title: string, text: string) => [`## ${title}`, '', text, ''];

/**
When it began, as it says itself to be UTC; what the log says where that is no time.
*/
function utcOf({startedAt, datetimeUtc}: LoggedResponse): string {
	return startedAt === null
		? datetimeUtc
		: `${new Date(startedAt).toISOString().slice(0, 19)}Z`;
}

/**
When it began, by the clock on the wall here; what the log says where that is no time.
*/
export function timeOf({startedAt, datetimeUtc}: LoggedResponse): string {
	return startedAt === null ? oneLine(datetimeUtc) : localTime(startedAt);
}

/**
The place of a response in its run, and what came of it.
*/
export function placeOf(row: LoggedResponse): string {
	return [
		row.consortiumId,
		row.consortium,
		row.role,
		row.iteration === null ? null : `iteration ${row.iteration}`,
		row.instance,
		row.state,
		row.confidence === null ? null : `confidence ${shareText(row.confidence)}`,
	]
		.filter(part => part !== null)
		.map(part => oneLine(part))
		.join(', ');
}

/**
Tokens and cost.
*/
export function usageOf(row: LoggedResponse): string {
	const {inputTokens, outputTokens, tokenDetails} = row;
	const details = tokenDetails === null ? '' : ` ${oneLine(tokenDetails)}`;
	return `${usageText({...unknownUsage, inputTokens, outputTokens})}${details}, ${costOf(row)}`;
}

const costOf = ({simulated, costUsd, costIsComplete}: LoggedResponse) =>
	simulated ? 'simulated' : costText(costUsd, costIsComplete);

const oneLine = (text: string) => shortened(text, excerptLength);

function truncated(row: LoggedResponse): LoggedResponse {
	return {
		...row,
		prompt: beginning(row.prompt),
		response: beginning(row.response),
	};
}

function beginning(text: string): string {
	const characters = [...text];
	return characters.length > truncatedLength
		? `${characters.slice(0, truncatedLength - 1).join('')}…`
		: text;
}
