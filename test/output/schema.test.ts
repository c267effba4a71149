import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import {Ajv, type ValidateFunction} from 'ajv';
import {type RunEvent} from '../../source/core/events.js';
import {verdictText} from '../helpers/play.js';
import {
	emptyFolder,
	runProgram,
	startProgram,
	type ProgramResult,
} from '../helpers/program.js';
import {cut, responsesText, stall, status} from '../helpers/scenes.js';
import {serve, type Script} from '../helpers/scripted.js';

const ajv = new Ajv({strict: true, allErrors: true});
const compiled = (name: string) =>
	ajv.compile(
		JSON.parse(
			readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8'),
		) as object,
	);
const isResult = compiled('result.schema.json');
const isEvent = compiled('events.schema.json');

const sure = verdictText({
	dissent: '<point by="A">It could be Lyon.</point>',
	groups: '<group>A, B</group>',
	ranking: '<level>A</level><level>B</level>',
});
const unsure = verdictText({
	confidence: 0.5,
	needsIteration: true,
	areas: ['the year'],
});
const saysParis = 'So.\n<final>Paris</final>\n<confidence>0.7</confidence>';
const scripts = {a: [saysParis], b: [saysParis], arbiter: [sure]};
const ask = [
	'run',
	'-m',
	'openai/a?temperature=0.2',
	'-m',
	'openai/b',
	'--arbiter',
	'openai/arbiter',
	'Which city?',
];

function assertFits(validate: ValidateFunction, value: unknown): void {
	validate(value);
	assert.deepEqual(validate.errors ?? [], []);
}

const eventsOf = ({stdout}: {readonly stdout: string}) =>
	stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as RunEvent);

/**
Check every line of a run's events, and the result at their end; returns both.
*/
function checked(output: {readonly stdout: string}) {
	const events = eventsOf(output);
	const [result] = events.flatMap(event =>
		event.type === 'run-end' ? [event.result] : [],
	);

	for (const event of events) {
		assertFits(isEvent, event);
	}

	assertFits(isResult, result);
	return {events, result: result!};
}

async function play(
	t: TestContext,
	changes: Readonly<Record<string, Script>>,
	flags: readonly string[] = [],
): Promise<ProgramResult> {
	const server = await serve(t, {...scripts, ...changes});
	return runProgram([...ask, ...flags], {env: server.env});
}

for (const {name, changes = {}, flags = [], code, statusOf, reached} of [
	{name: 'a run that converged', code: 0, statusOf: 'converged'},
	{
		name: 'a run that did not converge',
		changes: {arbiter: [unsure]},
		flags: ['--memory', 'lean', '--system', 'Be brief.', '--max-tokens', '9'],
		code: 3,
		statusOf: 'unconverged',
	},
	{
		name: 'a degraded run',
		changes: {b: [status(401)]},
		code: 4,
		statusOf: 'degraded',
		reached: /"state":"failed".*"kind":"auth"/,
	},
	{
		name: 'a run without an answer',
		changes: {a: [status(400)], b: [status(400)]},
		code: 5,
		statusOf: 'unanswered',
	},
	{
		name: 'a run with waits and a broken attempt',
		changes: {
			a: [
				cut(responsesText('These words were lost on the way.'), 8),
				saysParis,
			],
			b: [status(500, {retryAfterMs: 1}), saysParis],
		},
		code: 0,
		statusOf: 'converged',
		reached: /"type":"call-retry".*"startsOver":true.*"brokenAttempts":\[\{/,
	},
	{
		name: 'a truncated and a refused answer, and thinking',
		changes: {
			a: [
				responsesText('The beginning of', {
					thinking: 'Well.',
					end: {
						status: 'incomplete',
						incomplete_details: {reason: 'max_output_tokens'},
					},
				}),
			],
			b: [responsesText('I will not.', {isRefusal: true})],
		},
		code: 4,
		statusOf: 'degraded',
		reached: /"channel":"thinking".*"state":"refused"/,
	},
	{
		name: 'an empty answer and a verdict that had to be repaired',
		changes: {
			b: [responsesText('')],
			arbiter: [
				'<synthesis>It is Paris.</synthesis>',
				'<confidence>0.9</confidence>',
			],
		},
		code: 4,
		statusOf: 'degraded',
		reached: /"purpose":"repair"/,
	},
] as ReadonlyArray<{
	name: string;
	changes?: Record<string, Script>;
	flags?: string[];
	code: number;
	statusOf: string;
	reached?: RegExp;
}>) {
	test(`the events and the result of ${name} fit the schemas`, async t => {
		const output = await play(t, changes, [...flags, '--events']);
		const {result} = checked(output);

		assert.equal(output.code, code, output.stderr);
		assert.equal(result.status, statusOf);

		if (reached) {
			assert.match(output.stdout.replaceAll('\n', ' '), reached);
		}
	});
}

test('the events and the result of a run at its budget fit the schemas', async t => {
	const home = emptyFolder();
	const price = {input: 1000, output: 1000};
	const prices = {
		'openai/a': price,
		'openai/b': price,
		'openai/arbiter': price,
	};
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({version: 1, settings: {prices}}),
	);
	const usage = {input: 200, output: 1000, cached: 100, reasoning: 10};
	const server = await serve(t, {
		a: [responsesText(saysParis, {usage})],
		b: [responsesText(saysParis, {usage})],
		arbiter: [responsesText(unsure, {usage})],
	});
	const output = await runProgram([...ask, '--budget', '6', '--events'], {
		env: server.env,
		home,
	});
	assert.equal(checked(output).result.status, 'limited');
});

test('the events and the result of a run that was interrupted fit the schemas', async t => {
	const server = await serve(t, {
		...scripts,
		a: [stall(responsesText('These words came.'), 6)],
	});
	const running = startProgram([...ask, '--events'], {env: server.env});
	await running.until(/b#1 answered/);
	running.child.kill('SIGINT');
	const {result} = checked(await running.ended);
	assert.equal(result.status, 'cancelled');
});

test('a simulated run fits the schemas, and has an event of every common kind', async () => {
	const {events} = checked(
		await runProgram([
			'run',
			'-m',
			'demo/optimist?delay=0',
			'-m',
			'demo/skeptic?delay=0',
			'--arbiter',
			'demo/arbiter?delay=0',
			'--events',
			'Tabs or spaces?',
		]),
	);
	assert.deepEqual([...new Set(events.map(({type}) => type))].toSorted(), [
		'answer-delta',
		'call-delta',
		'call-end',
		'call-send',
		'call-start',
		'decision',
		'iteration-start',
		'run-end',
		'run-start',
		'verdict',
	]);
});

test('what --json prints and -o writes fits the schema', async t => {
	const file = path.join(emptyFolder(), 'result.json');
	const {stdout} = await play(t, {}, ['--json', '-o', file]);
	assertFits(isResult, JSON.parse(stdout));
	assertFits(isResult, JSON.parse(readFileSync(file, 'utf8')));
});

test('mistakes are refused', async t => {
	const {events, result} = checked(await play(t, {}, ['--events']));
	const [iteration] = result.iterations;
	const [verdict] = iteration!.verdicts;
	const withIteration = (changes: object) => ({
		...result,
		iterations: [{...iteration, ...changes}],
	});

	for (const mistake of [
		without(result, 'answer'),
		{...result, extra: 1},
		{...result, prompt: 1},
		{...result, v: 2},
		{...result, confidence: 1.5},
		{...result, confidence: '0.9'},
		{...result, status: 'fine'},
		{...result, usage: {...result.usage, inputTokens: '12'}},
		{...result, consortium: {...result.consortium, confidenceThreshold: -1}},
		withIteration({verdicts: [{...verdict, confidence: -0.1}]}),
		withIteration({verdicts: [{...verdict, dissent: ['It could be Lyon.']}]}),
		withIteration({instances: [{...iteration!.instances[0], state: 'done'}]}),
	]) {
		assert.equal(isResult(mistake), false, JSON.stringify(mistake));
	}

	for (const event of events) {
		for (const mistake of [
			without(event, 'seq'),
			without(event, 'v'),
			{...event, extra: 1},
			{...event, t: 'now'},
			{...event, type: 'call-pause'},
		]) {
			assert.equal(isEvent(mistake), false, JSON.stringify(mistake));
		}
	}
});

function without(value: object, key: string): object {
	return Object.fromEntries(
		Object.entries(value).filter(([each]) => each !== key),
	);
}
