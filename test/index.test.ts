import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {consortiumDefaults} from '../source/core/consortium.js';
import {
	createConsortium,
	createConversation,
	createRunControl,
	emptyRun,
	foldRun,
	parseConfidence,
	parseModelSpec,
	parseVerdict,
	runConsortium,
	UserError,
	type ConsortiumConfig,
	type RunEvent,
	type RunOptions,
	type RunResult,
} from '../source/index.js';
import {runCommand} from './helpers/command.js';
import {brokenRules} from './helpers/grammar.js';
import {verdictText} from './helpers/play.js';
import {emptyFolder, runProgram} from './helpers/program.js';
import {chatText, responsesText, stall} from './helpers/scenes.js';
import {secretKey, serve} from './helpers/scripted.js';

const builtLibrary = new URL('../dist/index.js', import.meta.url).href;
const demo = {
	members: ['demo/optimist?delay=0', 'demo/skeptic?delay=0'],
	arbiter: 'demo/arbiter?delay=0',
} as const satisfies ConsortiumConfig;
const saysYes = 'Yes.\n<final>yes</final>\n<confidence>0.9</confidence>';
const scripts = {a: [saysYes], arbiter: [verdictText({synthesis: 'Yes.'})]};
const served = {members: ['server/a'], arbiter: 'server/arbiter'} as const;

test('a run yields its events and returns the result that the last one carries', async () => {
	const events: RunEvent[] = [];
	const run = runConsortium(demo, 'Tabs or spaces?');
	let result: RunResult | null = null;

	while (!result) {
		const {done, value} = await run.next();

		if (done) {
			result = value;
		} else {
			events.push(value);
		}
	}

	const last = events.at(-1)!;
	assert.deepEqual(brokenRules(events), []);
	assert.equal(last.type === 'run-end' && last.result, result);
	assert.equal(result.status, 'converged');
	assert.equal(result.simulated, true);
});

test('a consortium is the same from a program as from the command line, and one that was shown can be used again', async () => {
	const flags = demo.members.flatMap(spec => ['-m', spec]);
	const {stdout} = await runProgram([
		'run',
		...flags,
		'--arbiter',
		demo.arbiter,
		'--memory',
		'lean',
		'--budget',
		'2',
		'--json',
		'Tabs or spaces?',
	]);
	const shown = JSON.parse(stdout) as RunResult;
	const again = await createConsortium(shown.consortium).run(shown.prompt);
	const written = await createConsortium({
		...demo,
		memory: 'lean',
		limits: {budgetUsd: 2},
	}).run(shown.prompt);

	assert.deepEqual(again.consortium, shown.consortium);
	assert.deepEqual(written.consortium, shown.consortium);
	assert.equal(written.answer, shown.answer);
});

test('members are specs or spelt out, each with a slot of its own', async () => {
	const {consortium, iterations} = await createConsortium({
		members: [
			'demo/careful?delay=0',
			{model: 'demo/careful', options: {delay: 0}},
			{model: 'demo/careful', options: {delay: 0}, system: 'Be brief.'},
			{model: 'demo/careful', options: {delay: 0}, slot: 'third', count: 2},
		],
		maxIterations: 1,
	}).run('Tabs or spaces?');
	const [iteration] = iterations;

	assert.deepEqual(
		consortium.members.map(({slot, count}) => [slot, count]),
		[
			['careful', 2],
			['careful-2', 1],
			['third', 2],
		],
	);
	assert.equal(consortium.members[1]!.system, 'Be brief.');
	assert.deepEqual(
		iteration!.instances.map(({id}) => id),
		['careful#1', 'careful#2', 'careful-2#1', 'third#1', 'third#2'],
	);
	assert.deepEqual(consortium.arbiters, [{model: 'demo/arbiter'}]);
});

test('what is left out or undefined has its default', async () => {
	const {consortium} = await createConsortium({
		...demo,
		stop: undefined,
		limits: {timeoutSeconds: undefined},
	}).run('Why?');
	const {name, members, arbiters, ...rest} = consortium;

	assert.deepEqual(rest, consortiumDefaults);
	assert.equal(name, 'unsaved');
	assert.equal(members.length, 2);
	assert.equal(arbiters.length, 1);
});

for (const [config, sentence] of [
	[undefined, /A consortium is an object, not undefined/],
	[[], /A consortium is an object, not a list/],
	[{}, /members is a list, not undefined/],
	[{members: 'a'}, /members is a list, not "a"/],
	[{members: []}, /at least one member/],
	[{members: [7]}, /members\[0\] is an object, not 7/],
	[{members: [{}]}, /members\[0\]\.model is a text, not undefined/],
	[{members: ['a:65']}, /1 to 64/],
	[{members: [{model: 'a', count: 65}]}, /from 1 to 64, not 65/],
	[{members: ['a:60', 'a:60']}, /at most 64/],
	[{members: Array.from({length: 5}, (_, at) => `a${at}:60`)}, /at most 256/],
	[{members: [{model: 'a', counts: 2}]}, /no key "counts".*"count"/],
	[
		{members: [{model: 'a', options: 'hot'}]},
		/members\[0\]\.options is an object/,
	],
	[{members: [{model: 'a', weight: -1}]}, /members\[0\]\.weight/],
	[
		{
			members: [
				{model: 'a', slot: 's'},
				{model: 'b', slot: 's'},
			],
		},
		/slot "s"/,
	],
	[{arbiter: 'b:2'}, /2 arbiters sit in a panel only/],
	[{arbiter: ''}, /arbiter is a text/],
	[{arbiter: 'b', arbiters: []}, /arbiter or arbiters/],
	[{arbiters: [{model: 'b', count: 1}]}, /no key "count"/],
	[{confidenceThreshold: 1.5}, /confidenceThreshold .* from 0 to 1, not 1.5/],
	[{confidenceThreshold: '0.8'}, /confidenceThreshold .* not "0.8"/],
	[{confidenceTreshold: 0.8}, /Did you mean "confidenceThreshold"/],
	[{maxIterations: 0}, /maxIterations is a whole number from 1/],
	[{maxIterations: 1001}, /to 1000/],
	[{maxIterations: 1.5}, /maxIterations is a whole number/],
	[{maxIterations: NaN}, /not NaN/],
	[{minIterations: 4}, /At least 4 .* at most 3/],
	[{stop: 'never'}, /stop is one of any, both, confidence, arbiter/],
	[{memory: 'all'}, /memory is one of/],
	[{judging: 'rang'}, /judging is one of synthesis, rank, .*, not "rang"/],
	[{until: ['tomorrow']}, /"tomorrow" is no condition/],
	[{judging: 'dice'}, /judging is one of/],
	[{strategies: [{name: 'defualt'}]}, /Did you mean "default"/],
	[{strategies: [{name: 'default', params: {x: 1}}]}, /no parameter "x"/],
	[{strategies: []}, /has a strategy/],
	[{system: 7}, /system is a text, not 7/],
	[{limits: {budget: 1}}, /limits has no key "budget"/],
	[{limits: {budgetUsd: 0}}, /budgetUsd is a number above 0, not 0/],
	[{limits: {timeoutSeconds: 1e9}}, /above 0, at most 604800/],
	[{name: ''}, /name is a text, not an empty text/],
	[{v: 2}, /v: 2/],
] as const) {
	const given =
		typeof config === 'object' &&
		!Array.isArray(config) &&
		!('members' in config)
			? {...(Object.keys(config).length > 0 && {members: ['a']}), ...config}
			: config;

	test(`a configuration ${JSON.stringify(config)?.slice(0, 80)} is refused at once in a sentence`, () => {
		refuses(() => createConsortium(given as never), sentence);
	});
}

for (const [options, sentence] of [
	[null, /options of a run is an object/],
	[{sginal: null}, /no key "sginal".*"signal"/],
	[{signal: {}}, /signal is no AbortSignal/],
	[{keys: {openai: 7}}, /keys.openai is a text, not 7/],
	[{keys: 'sk'}, /keys is an object/],
	[{endpoints: {mine: {}}}, /endpoints.mine.baseUrl is a text/],
	[{endpoints: {mine: {baseUrl: 'localhost'}}}, /base URL of mine/],
	[{endpoints: {mine: {baseUrl: 'http://a', api: 'soap'}}}, /mine.api is one/],
	[{endpoints: {openai: {baseUrl: 'http://a'}}}, /cannot be named openai/],
	[{baseUrls: {openai: 'x'}}, /base URL of openai/],
	[{prices: {a: {input: -1, output: 1}}}, /prices\["a"\].input is a number/],
	[{prices: {a: {input: 1}}}, /prices\["a"\].output is a number/],
	[{templatesFolder: '/nowhere'}, /templatesFolder is no folder/],
	[{templatesFolder: 7}, /templatesFolder is a text, not 7/],
] as const) {
	test(`options ${JSON.stringify(options)} are refused before anything is called`, async () => {
		await assert.rejects(
			createConsortium(demo).run('Why?', options as never),
			error => isSentence(error, sentence),
		);
	});
}

test('a prompt without words is refused', async () => {
	for (const prompt of ['', ' \n', undefined, 7]) {
		await assert.rejects(createConsortium(demo).run(prompt as string), error =>
			isSentence(error, /The prompt is a text/),
		);
	}
});

test('a model whose key is missing or that nobody knows is refused before anything is called', async () => {
	const keys = {openai: null};
	await assert.rejects(
		createConsortium({members: ['gpt-6-luna']}).run('Why?', {keys}),
		error =>
			isSentence(error, /no key for openai/) &&
			(error as UserError).hint.includes(
				'OPENAI_API_KEY, or pass it in the option `keys`',
			),
	);
});

for (const [name, options] of [
	['conversation', {conversation: 5}],
	['conversation', {conversation: {turn: 0}}],
	['control', {control: {}}],
] as const) {
	test(`a ${name} that is none, such as ${JSON.stringify(options)}, is refused, and nothing is left running`, async () => {
		await assert.rejects(
			createConsortium(demo).run('Why?', options as unknown as RunOptions),
			error => isSentence(error, new RegExp(`${name} is none that was made`)),
		);
	});
}

test('options that JSON cannot hold are refused', () => {
	const circle: Record<string, unknown> = {};
	circle['self'] = circle;

	for (const value of [1n, circle, () => 1]) {
		assert.throws(
			() =>
				createConsortium({
					members: [{model: 'demo/optimist', options: {odd: value}}],
				}),
			error => isSentence(error, /options\.odd is nothing that JSON can hold/),
		);
	}
});

test('keys and servers can be passed, and go to whom they belong', async t => {
	const server = await serve(t, scripts);
	const {answer, costUsd} = await createConsortium(served).run('Is it?', {
		keys: {server: 'sk-passed-1234'},
		endpoints: {server: {baseUrl: server.url}},
		prices: {
			'server/a': {input: 1_000_000, output: 0},
			arbiter: {input: 0, output: 0},
		},
	});

	assert.equal(answer, 'Yes.');
	assert.equal(costUsd, 12);
	assert.deepEqual(
		server.seen.map(({headers}) => headers['authorization']),
		['Bearer sk-passed-1234', 'Bearer sk-passed-1234'],
	);
});

test('keys and addresses that are not passed stand in the environment', async t => {
	const server = await serve(t, scripts);
	await runScript(
		`
		await createConsortium({members: ['openai/a'], arbiter: 'openai/arbiter'}).run('Is it?');
		await createConsortium(${JSON.stringify(served)}).run('Is it?', {
			endpoints: {server: {baseUrl: '${server.url}', keyEnv: 'MINE'}},
		});
		`,
		{...server.env, MINE: 'sk-mine-1234'},
	);
	assert.deepEqual(
		server.heard('a').map(({headers}) => headers['authorization']),
		[`Bearer ${secretKey}`, 'Bearer sk-mine-1234'],
	);
});

test('nothing heavy is loaded before it is needed', async t => {
	const server = await serve(t, scripts);
	const stdout = await runScript(
		`
		console.log(JSON.stringify(loaded.splice(0)));
		await createConsortium(${JSON.stringify(demo)}).run('Why?');
		console.log(JSON.stringify(loaded.splice(0)));
		await createConsortium(${JSON.stringify(served)}).run('Is it?', {
			endpoints: {server: {baseUrl: '${server.url}'}},
			prices: {a: {input: 1, output: 1}},
		});
		console.log(JSON.stringify(loaded.splice(0)));
		`,
	);
	const [imported, simulated, called] = stdout
		.trim()
		.split('\n')
		.map(line => packagesIn(JSON.parse(line) as string[]));

	assert.deepEqual(imported, ['ulid']);
	assert.deepEqual(simulated, []);
	assert.ok(called?.includes('openai'), 'the test can see packages');
	assert.ok(called?.includes('@pydantic/genai-prices'));
});

test('an aborted run has a result, and the server is told', async t => {
	const server = await serve(t, {
		...scripts,
		a: [stall(chatText('These words came.'), 3)],
	});
	const controller = new AbortController();
	const run = runConsortium(served, 'Is it?', {
		signal: controller.signal,
		endpoints: {server: {baseUrl: server.url}},
	});
	let last: RunEvent | null = null;

	for await (const event of run) {
		last = event;

		if (event.type === 'call-delta') {
			controller.abort();
		}
	}

	assert.equal(last?.type, 'run-end');
	assert.equal(last.result.status, 'cancelled');
	assert.equal(await server.heard('a')[0]!.leftEarly, true);
});

test('leaving the loop early aborts every request', async t => {
	const server = await serve(t, {
		a: [stall(chatText('These words came.'), 3)],
	});

	for await (const {type} of runConsortium(served, 'Is it?', {
		endpoints: {server: {baseUrl: server.url}},
	})) {
		if (type === 'call-delta') {
			break;
		}
	}

	assert.equal(await server.heard('a')[0]!.leftEarly, true);
});

test('a conversation goes on from one run to the next', async t => {
	const server = await serve(t, scripts);
	const consortium = createConsortium(served);
	const options = {
		endpoints: {server: {baseUrl: server.url}},
		conversation: createConversation(),
	};
	const first = await consortium.run('Is it one?', options);
	const second = await consortium.run('Is it two?', options);
	const [, later] = server.heard('a');

	assert.equal(first.conversationId, second.conversationId);
	assert.match(later!.raw, /Is it one\?.*Is it two\?/v);
});

test('a control reaches into a run', async t => {
	const server = await serve(t, {
		...scripts,
		b: [stall(chatText('These words came.'), 3)],
	});
	const control = createRunControl();
	const heard: RunEvent[] = [];

	for await (const event of runConsortium(
		{...served, members: ['server/a', 'server/b']},
		'Is it?',
		{control, endpoints: {server: {baseUrl: server.url}}},
	)) {
		heard.push(event);
		const texts = heard.filter(({type}) => type === 'call-delta');
		const ends = heard.filter(({type}) => type === 'call-end');

		if (event.type !== 'control' && texts.length > 3 && ends.length === 1) {
			control.answerNow();
		}
	}

	const last = heard.at(-1)!;
	assert.equal(last.type, 'run-end');
	assert.deepEqual(
		last.result.iterations[0]!.instances.map(({state}) => state),
		['answered', 'stopped'],
	);
	assert.equal(last.result.answer, 'Yes.');
});

test('templates of a folder take the place of the shipped ones', async t => {
	const server = await serve(t, scripts);
	const folder = mkdtempSync(path.join(emptyFolder(), 'prompts-'));
	writeFileSync(path.join(folder, 'system.md'), 'Answer like a pirate.');
	const options = {
		endpoints: {server: {baseUrl: server.url}},
		templatesFolder: folder,
	};
	await createConsortium(served).run('Is it?', options);
	assert.match(server.heard('a')[0]!.raw, /Answer like a pirate/);

	writeFileSync(path.join(folder, 'feedback.md'), 'No blanks.');
	await assert.rejects(createConsortium(served).run('Is it?', options), error =>
		isSentence(error, /feedback.md cannot be used/),
	);
});

test('without an arbiter it is the strongest vendor with a key, else the first member', async t => {
	const server = await serve(t, {
		...scripts,
		'gpt-6.1-sol': [responsesText(verdictText())],
	});
	const endpoints = {server: {baseUrl: server.url}};
	const none = {anthropic: null, openai: null, gemini: null};
	const ask = createConsortium({members: ['server/a'], maxIterations: 1});
	const strongest = await ask.run('Is it?', {
		endpoints,
		keys: {...none, openai: 'sk-1234'},
		baseUrls: {openai: server.url},
	});
	const first = await ask.run('Is it?', {endpoints, keys: none});

	assert.deepEqual(strongest.consortium.arbiters, [
		{model: 'openai/gpt-6.1-sol'},
	]);
	assert.deepEqual(first.consortium.arbiters, [{model: 'server/a'}]);
});

test('a run can be reached into, and another be made from it', async () => {
	const conversation = createConversation();
	const control = createRunControl();
	const events: RunEvent[] = [];
	const picture = emptyRun();
	let isSwapped = false;

	for await (const event of runConsortium(demo, 'Tabs or spaces?', {
		conversation,
		control,
	})) {
		events.push(event);
		foldRun(picture, event);

		if (event.type === 'call-end' && event.speaker === 'optimist#1') {
			control.leaveOut(event.callId);
			isSwapped ||= control.swap('optimist#1', 'demo/careful');
		}
	}

	assert.deepEqual(brokenRules(events), []);
	assert.ok(picture.calls.values().some(({isLeftOut}) => isLeftOut));
	const again = await createConsortium(demo).run('Tabs or spaces?', {
		conversation,
		from: {
			kind: 'retry',
			run: picture,
			redo: [{instance: 'skeptic#1', model: 'demo/careful'}],
		},
	});

	assert.equal(again.iterations[0]!.instances.at(-1)!.model, 'demo/careful');
	assert.ok(
		again.iterations[0]!.instances.some(
			({carriedFrom}) => carriedFrom === picture.runId,
		),
	);
});

for (const [from, sentence] of [
	[7, /from is an object, not 7/],
	[{kind: 'retry'}, /from.run is no picture/],
	[{kind: 'ask', run: emptyRun()}, /from.kind is one of retry, rearbitrate/],
	[{kind: 'resume', run: emptyRun()}, /no run to be resumed/],
	[{kind: 'retry', run: emptyRun(), redo: 'a#1'}, /from.redo is a list/],
	[
		{kind: 'retry', run: emptyRun(), redo: [{instance: ''}]},
		/from.redo\[0\].instance is a text/,
	],
	[{kind: 'retry', run: emptyRun()}, /Only the latest run/],
] as const) {
	test(`a run is made from nothing that is none: ${sentence.source}`, async () => {
		await assert.rejects(
			createConsortium(demo).run('Why?', {from} as unknown as RunOptions),
			error => isSentence(error, sentence),
		);
	});
}

test('the readers of what models write are part of it', () => {
	assert.equal(parseConfidence('<confidence>85%</confidence>'), 0.85);
	assert.equal(parseConfidence('It is Paris.'), null);
	assert.equal(
		parseVerdict(verdictText({synthesis: 'Yes.'})).synthesis,
		'Yes.',
	);
	assert.deepEqual(parseModelSpec('x:free:2?temperature=0.2'), {
		model: 'x:free',
		count: 2,
		options: {temperature: 0.2},
	});
});

/**
Run a script, in which `createConsortium` is the built library's and `loaded` lists the modules that were loaded, in a process that sees nothing of this machine's environment. Returns what it prints.
*/
async function runScript(
	script: string,
	env: Readonly<Record<string, string>> = {},
): Promise<string> {
	const {code, stdout, stderr} = await runCommand(
		[
			process.execPath,
			'--input-type=module',
			'--eval',
			`
			import {registerHooks} from 'node:module';
			const loaded = [];
			registerHooks({load(url, context, next) {
				loaded.push(url);
				return next(url, context);
			}});
			const {createConsortium} = await import('${builtLibrary}');
			${script}
			`,
		],
		{env},
	);
	assert.equal(code, 0, stderr);
	return stdout;
}

/**
The packages whose code is in these files of the bundle, by the remarks it has at the beginning of each module.
*/
function packagesIn(urls: readonly string[]): string[] {
	const names = urls
		.filter(url => url.startsWith(new URL('.', builtLibrary).href))
		.flatMap(url =>
			Array.from(
				readFileSync(new URL(url), 'utf8').matchAll(
					/^\/\/ .*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)\//gm,
				),
				({groups}) => groups!['name']!,
			),
		);
	return [...new Set(names)];
}

function refuses(action: () => unknown, sentence: RegExp): void {
	assert.throws(action, error => isSentence(error, sentence));
}

function isSentence(error: unknown, sentence: RegExp): true {
	assert.ok(error instanceof UserError, String(error));
	assert.match(`${error.message} ${error.hint}`, sentence);
	return true;
}
