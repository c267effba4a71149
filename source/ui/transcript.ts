import {markdownLines} from '../text/markdown.js';
import {plainLines, textOf, type Mark} from '../text/spans.js';
import {returnedVerdict} from '../text/outcome.js';
import {type Tone} from './theme.js';
import {endingOf, factsOf} from './turn-facts.js';
import {type TurnView} from './turn-view.js';

/**
A piece of a line: its tone, and what is added to the look of it.
*/
export type TranscriptSpan = {
	readonly text: string;
	readonly tone: Tone;
	readonly bold?: boolean;
	readonly italic?: boolean;
	readonly strikethrough?: boolean;
};

export type TranscriptLine = readonly TranscriptSpan[];

/**
A longer question is folded.
*/
const mostOfQuestion = 6;

const looks: Readonly<Record<Mark, Omit<TranscriptSpan, 'text'>>> = {
	plain: {tone: 'plain'},
	heading: {tone: 'heading'},
	strong: {tone: 'plain', bold: true},
	emphasis: {tone: 'plain', italic: true},
	deleted: {tone: 'dim', strikethrough: true},
	code: {tone: 'code'},
	link: {tone: 'link'},
	quiet: {tone: 'dim'},
};

/**
The turns of a conversation in lines of at most `width` columns, at least 4, with an empty one between two turns. The same list for the same turns and width; a turn that is new does not lay out the others again.
*/
export function transcriptLines(
	turns: readonly TurnView[],
	width: number,
): readonly TranscriptLine[] {
	return linesOfTurns(turns, width);
}

/**
The index of the line where the question of the last turn begins; 0 when there is none.
*/
export function answerStart(turns: readonly TurnView[], width: number): number {
	return turns
		.slice(0, -1)
		.reduce((sum, turn) => sum + linesOfTurn(turn, width).length + 1, 0);
}

/**
What was made last of each key, for as long as the key lives.
*/
function remembered<Key extends object, Value>(
	make: (key: Key, width: number) => Value,
): (key: Key, width: number) => Value {
	const known = new WeakMap<
		Key,
		{readonly width: number; readonly value: Value}
	>();

	return (key, width) => {
		const last = known.get(key);

		if (last?.width === width) {
			return last.value;
		}

		const value = make(key, width);
		known.set(key, {width, value});
		return value;
	};
}

const linesOfTurns = remembered((turns: readonly TurnView[], width) =>
	turns.flatMap((turn, index) => [
		...(index > 0 ? [[]] : []),
		...linesOfTurn(turn, width),
	]),
);

const linesOfTurn = remembered(
	(turn: TurnView, width): readonly TranscriptLine[] => {
		const answer = turn.result?.answer ?? null;
		const ending = endingLines(turn, width);
		const facts = said('', factsOf(turn).join(' · '), width, {tone: 'dim'});

		return [
			...questionLines(turn, width),
			[],
			...(answer === null ? ending : answerLines(answer, width)),
			[],
			...facts,
			...(answer === null ? [] : ending),
			...verdictLines(turn, width),
			...ratingLines(turn, width),
		];
	},
);

function questionLines({prompt}: TurnView, width: number): TranscriptLine[] {
	const lines = said('> ', prompt.trim(), width, {tone: 'plain', bold: true});
	const rest = lines.length - mostOfQuestion + 1;

	return rest > 1
		? [
				...lines.slice(0, mostOfQuestion - 1),
				[{text: `  … ${rest} more lines`.slice(0, width), tone: 'dim'}],
			]
		: lines;
}

/**
Markdown in lines of at most `width` columns, at least 2.
*/
export function answerLines(answer: string, width: number): TranscriptLine[] {
	return markdownLines(answer, width).map(line =>
		line.map(({text, mark}) => ({text, ...looks[mark]})),
	);
}

/**
What a person must not overlook; nothing where all went well.
*/
function endingLines(turn: TurnView, width: number): TranscriptLine[] {
	const {sign, word, tone, reasons} = endingOf(turn);
	const {status, answer} = turn.result ?? {status: null, answer: null};

	if (status === 'converged') {
		return reasons.flatMap(reason => said('! ', reason, width, {tone: 'warn'}));
	}

	const heading =
		answer === null && status !== 'unanswered' ? `${word}, no answer` : word;

	return [
		...said(`${sign} `, heading, width, {tone}),
		...reasons.flatMap(reason => said('  ', reason, width, {tone: 'plain'})),
	];
}

function verdictLines({result}: TurnView, width: number): TranscriptLine[] {
	const verdict = result && returnedVerdict(result);

	return verdict
		? [
				...verdict.dissent.flatMap(({text, who}) =>
					said(
						'≠ ',
						`dissent (${who.join(', ') || 'nobody named'}): ${text}`,
						width,
						{tone: 'plain'},
					),
				),
				...verdict.refinementAreas.flatMap(area =>
					said('→ ', `to refine: ${area}`, width, {tone: 'plain'}),
				),
			]
		: [];
}

function ratingLines({rating}: TurnView, width: number): TranscriptLine[] {
	return rating === null
		? []
		: rating === 'good'
			? said('▲ ', 'rated good', width, {tone: 'good'})
			: said('▼ ', 'rated bad', width, {tone: 'bad'});
}

/**
Words as they are, behind a sign; what continues them stands below them.
*/
function said(
	sign: string,
	text: string,
	width: number,
	look: Omit<TranscriptSpan, 'text'>,
): TranscriptLine[] {
	const tone = look.tone === 'plain' ? 'accent' : look.tone;

	return plainLines(text, width - sign.length).map((line, index) =>
		[
			{text: index === 0 ? sign : ' '.repeat(sign.length), tone},
			{text: textOf(line), ...look},
		].filter(span => span.text !== ''),
	);
}
