import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {renderToString} from 'ink';
import {columnsOf} from '../../source/text/columns.js';
import {Transcript} from '../../source/ui/panes/transcript.js';
import {type Scroll} from '../../source/ui/scroll.js';
import {themes} from '../../source/ui/theme.js';
import {
	answerStart,
	transcriptLines,
	type TranscriptLine,
} from '../../source/ui/transcript.js';
import {type TurnView} from '../../source/ui/turn-view.js';
import {turnWith} from '../helpers/turns.js';

const textOf = (line: TranscriptLine) => line.map(({text}) => text).join('');

const shown = (turns: readonly TurnView[], width = 60) =>
	transcriptLines(turns, width).map(line => textOf(line));

test('a turn is its question, its answer, its figures and what is left open', () => {
	assert.deepEqual(shown([turnWith({rating: 'good'})]), [
		'> What is the answer?',
		'',
		'Forty-two, both say.',
		'',
		'confidence 90% · 1 iteration · $0.025 · 3.2 s · duo',
		'≠ dissent (luna#1): One is less sure.',
		'→ to refine: units',
		'▲ rated good',
	]);
});

test('what is said looks like what it is', () => {
	const lines = transcriptLines([turnWith()], 60);

	assert.deepEqual(lines[0], [
		{text: '> ', tone: 'accent'},
		{text: 'What is the answer?', tone: 'plain', bold: true},
	]);
	assert.deepEqual(lines[2]![1], {text: 'both', tone: 'plain', bold: true});
	assert.equal(lines[4]![0]!.tone, 'dim');
});

for (const [status, word] of [
	['unconverged', '≈ not converged'],
	['degraded', '! degraded'],
	['limited', '■ stopped by a limit'],
	['cancelled', '■ cancelled'],
] as const) {
	test(`a run that is ${status} says so in words, and why`, () => {
		const reasons = ['It was not enough.', 'Somebody failed.'];
		const lines = shown([turnWith({}, {status, reasons})]);

		assert.deepEqual(lines.slice(5, 8), [
			word,
			'  It was not enough.',
			'  Somebody failed.',
		]);
		assert.ok(lines.includes('Forty-two, both say.'));

		const silent = shown([turnWith({}, {status, reasons, answer: null})]);

		assert.deepEqual(silent.slice(2, 5), [
			`${word}, no answer`,
			'  It was not enough.',
			'  Somebody failed.',
		]);
		assert.equal(silent.join('\n').split(word).length, 2, 'once');
	});
}

test('a run without an answer says why there is none', () => {
	const lines = shown([
		turnWith(
			{},
			{status: 'unanswered', answer: null, reasons: ['All members failed.']},
		),
	]);

	assert.deepEqual(lines.slice(2, 4), ['∅ no answer', '  All members failed.']);
	assert.doesNotMatch(lines.join('\n'), /dissent/);
});

test('a run whose process was killed says so', () => {
	assert.deepEqual(shown([turnWith({result: null, simulated: true})]), [
		'> What is the answer?',
		'',
		'■ broken off, no answer',
		'  The program ended before the run did.',
		'',
		'duo · simulated',
	]);
});

test('a run that ended well tells what was not perfect, and nothing else', () => {
	const reasons = ['The confidence was reached.', 'luna#1 was cut off.'];
	const lines = shown([turnWith({kind: 'retry'}, {reasons})], 80);

	assert.deepEqual(lines.slice(4, 6), [
		'confidence 90% · 1 iteration · $0.025 · 3.2 s · duo · asked again',
		'! luna#1 was cut off.',
	]);
	assert.ok(!lines.join('\n').includes(reasons[0]!));
});

test('an unknown cost and an unknown confidence are said to be unknown', () => {
	const lines = shown([
		turnWith({}, {costUsd: null, confidence: null, iterations: []}),
	]);

	assert.equal(
		lines[4],
		'confidence not stated · 0 iterations · cost unknown · 3.2 s',
	);
});

test('the dissent shown is that of the verdict whose answer is shown', () => {
	const [iteration] = turnWith().result!.iterations;
	const [verdict] = iteration!.verdicts;
	const later = {
		...verdict!,
		synthesis: 'Another.',
		dissent: [{text: 'Elsewhere.', who: []}],
	};
	const lines = shown([
		turnWith(
			{},
			{
				iterations: [
					iteration!,
					{...iteration!, iteration: 2, verdicts: [later]},
				],
			},
		),
	]).join('\n');

	assert.match(lines, /One is less sure/);
	assert.doesNotMatch(lines, /Elsewhere/);

	const other = shown([
		turnWith(
			{},
			{
				answer: 'Another.',
				iterations: [
					iteration!,
					{...iteration!, iteration: 2, verdicts: [later]},
				],
			},
		),
	]).join('\n');

	assert.match(other, /dissent \(nobody named\): Elsewhere\./);

	const again = {...later, synthesis: verdict!.synthesis};
	const same = shown([
		turnWith(
			{},
			{
				iterations: [
					iteration!,
					{...iteration!, iteration: 2, verdicts: [again]},
				],
			},
		),
	]).join('\n');

	assert.match(same, /Elsewhere/, 'of equals the latest');
});

test('a long question is folded', () => {
	const prompt = Array.from({length: 20}, (_, index) => `line ${index}`);
	const lines = shown([turnWith({prompt: prompt.join('\n')})]);

	assert.deepEqual(lines.slice(0, 7), [
		'> line 0',
		'  line 1',
		'  line 2',
		'  line 3',
		'  line 4',
		'  … 15 more lines',
		'',
	]);
	assert.deepEqual(
		shown([turnWith({prompt: prompt.slice(0, 6).join('\n')})]).slice(5, 7),
		['  line 5', ''],
		'six lines are not',
	);
});

test('the last turn begins where it is said to begin', () => {
	const turns = ['One?', 'Two?', 'Three?'].map(prompt => turnWith({prompt}));

	for (const count of [1, 2, 3]) {
		const some = turns.slice(0, count);

		assert.equal(
			shown(some, 30)[answerStart(some, 30)],
			`> ${some.at(-1)!.prompt}`,
		);
	}

	assert.equal(answerStart([], 30), 0);
	assert.deepEqual(shown([]), []);
});

test('a new turn does not lay out the old ones again', () => {
	const first = turnWith();
	const before = transcriptLines([first], 60);
	const turns = [first, turnWith({prompt: 'And then?'})];
	const after = transcriptLines(turns, 60);

	assert.ok(before.every((line, index) => line === after[index]));
	assert.equal(transcriptLines(turns, 60), after);
	assert.notEqual(transcriptLines(turns, 61), after);
	assert.notEqual(transcriptLines([turnWith()], 60)[0], before[0]);
});

const words = fc.string({
	unit: fc.constantFrom(
		...'a*`#>|- \n\t',
		'word',
		'日本',
		'\u001B[2J',
		'\u202E',
	),
});

test('no line of any turn is too wide, and none controls the terminal', () => {
	fc.assert(
		fc.property(
			words,
			words,
			fc.integer({min: 4, max: 50}),
			(prompt, text, width) => {
				const dissent = [{text, who: [text]}];
				const {result} = turnWith();
				const [iteration] = result!.iterations;
				const verdict = {...iteration!.verdicts[0]!, synthesis: text, dissent};
				const turn = turnWith(
					{prompt, consortium: text, rating: 'bad'},
					{
						answer: text,
						status: 'degraded',
						reasons: [text],
						iterations: [{...iteration!, verdicts: [verdict]}],
					},
				);

				for (const line of shown([turn], width)) {
					assert.ok(columnsOf(line) <= width, line);
					assert.doesNotMatch(line, /[\n\t\u001B\u202E]/);
				}
			},
		),
	);
});

const draw = (
	lines: readonly TranscriptLine[],
	scroll: Scroll,
	{rows = 4, columns = 40, isFocused = false} = {},
) =>
	renderToString(
		<Transcript
			words={[]}
			lines={lines}
			scroll={scroll}
			rows={rows}
			columns={columns}
			theme={themes.plain}
			isFocused={isFocused}
		/>,
		{columns},
	).split('\n');

const numbered = (count: number): TranscriptLine[] =>
	Array.from({length: count}, (_, index) => [
		{text: `line ${index}`, tone: 'plain' as const},
	]);

test('the pane follows the end and says what is above', () => {
	assert.deepEqual(draw(numbered(10), {top: null}), [
		`line 6${' '.repeat(40 - 6 - 14)}↑ 6 more above`,
		'line 7',
		'line 8',
		'line 9',
	]);
});

test('a pane that is scrolled up says what is below', () => {
	assert.deepEqual(draw(numbered(10), {top: 0}), [
		'line 0',
		'line 1',
		'line 2',
		'↓ 7 more lines below',
	]);
});

test('what is above is not told where it would cost a line', () => {
	const wide: TranscriptLine[] = numbered(9).map(([span]) => [
		{...span!, text: span!.text.padEnd(30, '.')},
	]);

	assert.equal(draw(wide, {top: null})[0], `line 5${'.'.repeat(24)}`);
});

test('the pane is as high as it is told to be', () => {
	for (const count of [0, 1, 3, 4, 20]) {
		for (const rows of [1, 2, 4, 9]) {
			for (const top of [null, 0, 2]) {
				const lines: TranscriptLine[] = numbered(count).map((line, index) =>
					index % 2 === 1 ? [] : line,
				);
				const drawn = draw(lines, {top}, {rows});

				assert.equal(drawn.length, rows, `${count} ${rows} ${top}`);
				assert.ok(drawn.every(line => columnsOf(line) <= 40));
			}
		}
	}
});

test('a real turn is drawn whole', () => {
	const lines = transcriptLines([turnWith()], 40);
	const drawn = draw(lines, {top: null}, {rows: lines.length, isFocused: true});

	assert.deepEqual(
		drawn.map(line => line.trimEnd()),
		lines.map(line => textOf(line)),
	);
});
