import assert from 'node:assert/strict';
import {test} from 'node:test';
import stringWidth from 'string-width';
import {consortiumDefaults} from '../../source/core/consortium.js';
import {unknownUsage} from '../../source/core/model.js';
import {notObserved} from '../../source/core/observation.js';
import {type RunState} from '../../source/core/run-state.js';
import {numberParts} from '../../source/ui/panes/number-parts.js';
import {zoomLines} from '../../source/ui/zoom-source.js';
import {createRunStore, type RunStore} from '../../source/ui/run-store.js';
import {createTable, pictureOf} from '../helpers/derived.js';
import {failure, unknownOutcome} from '../helpers/events.js';
import {fakeModel, unknownCache} from '../helpers/fake-model.js';
import {liveRun, smallViewport} from '../helpers/live-run.js';
import {play, verdictText} from '../helpers/play.js';
import {pricedModel} from '../helpers/priced.js';

/**
How often something was published since it was last asked.
*/
function countOf({subscribe}: RunStore['panes' | 'header' | 'arbiter']) {
	let count = 0;
	subscribe(() => {
		count++;
	});

	return () => {
		const counted = count;
		count = 0;
		return counted;
	};
}

const pane = ({panes}: RunStore, index = 0) => panes.snapshot()[index]!;

test('what was found out counts in the header while the run goes on, as in its result', async () => {
	const answers = ['One.', 'Two.', 'Three.'];
	const {events, result} = await play(
		{
			...Object.fromEntries(
				answers.map((text, index) => [`m${index}`, fakeModel([[text]])]),
			),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			consortium: {
				strategies: [{name: 'semantic', params: {embedding: 'mock/embed'}}],
			},
			observer: {
				priceOf: async () => 0.5,
				async observe(request) {
					const found = notObserved(request, '');
					const matrix = answers.map(() => answers.map(() => 1));
					return found.kind === 'similarity'
						? {...found, matrix, costUsd: 0.5, problem: null}
						: found;
				},
			},
		},
	);
	const seen = events.findIndex(({type}) => type === 'observation');
	const store = createRunStore({now: () => 0, every: () => () => {}});
	const costs: Array<number | null> = [];

	for (const [index, event] of events.entries()) {
		store.listen(event);
		store.tick();

		if (index === seen - 1 || index === seen) {
			costs.push(store.header.snapshot().costUsd);
		}
	}

	assert.deepEqual(
		costs.map(cost => cost?.toFixed(2)),
		['0.03', '0.53'],
	);
	assert.equal(result.costUsd, 0.54);
});

test('a token is folded at once and published with the next tick', async () => {
	const {store, ids, ask, speak, pass} = liveRun(2);
	ask();
	await Promise.resolve();
	const published = countOf(store.panes);

	speak(ids[0]!, 'The sky ');
	speak(ids[0]!, 'is blue.');
	assert.equal(store.picture().calls.get('m0#1-1')!.text, 'The sky is blue.');
	await Promise.resolve();
	assert.equal(published(), 0);

	pass(40);
	assert.equal(published(), 1);
	assert.deepEqual(pane(store).lines, ['The sky is blue.']);
	assert.equal(pane(store).head.word, 'answering');
});

test('the end of a call, a verdict and the end of the run do not wait for a tick', async () => {
	const {store, ids, ask, speak, end, judge, rule} = liveRun(1);
	ask();
	speak(ids[0]!, 'Blue.');
	end(ids[0]!);
	await Promise.resolve();
	assert.equal(pane(store).head.state, 'answered');

	judge();
	rule({confidence: 0.7});
	await Promise.resolve();
	assert.equal(store.arbiter.snapshot().head.weighed[0]!.confidence, 0.7);
});

test('a pane in which nothing happens keeps its view, whatever the others say and the clock shows', () => {
	const {store, ids, ask, speak, end, pass} = liveRun(3);
	ask();
	speak(ids[0]!, 'Done.');
	end(ids[0]!);
	pass(40);
	const [first, second] = store.panes.snapshot();

	speak(ids[2]!, 'On and on');
	pass(40);
	assert.equal(pane(store, 0), first);
	assert.equal(pane(store, 1), second);
	assert.deepEqual(pane(store, 2).lines, ['On and on']);

	pass(5000);
	assert.equal(pane(store, 0), first);
	assert.equal(pane(store, 1).head.numbers.elapsedMs, 5000);
});

test('a tick without news publishes nothing', () => {
	const {store, ids, ask, speak, pass} = liveRun(2);
	ask();
	speak(ids[0]!, 'Blue.');
	pass(40);
	const counts = [store.panes, store.arbiter, store.header].map(source =>
		countOf(source),
	);
	pass(40);
	pass(40);

	assert.deepEqual(
		counts.map(count => count()),
		[0, 0, 0],
	);
});

test('the head of a pane that speaks changes once a second', () => {
	const {store, ids, ask, speak, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'one ');
	pass(100);
	const {head} = pane(store);
	speak(ids[0]!, 'two ');
	pass(100);
	assert.equal(pane(store).head, head);
	assert.deepEqual(pane(store).lines, ['one two']);
	pass(1000);
	assert.notEqual(pane(store).head, head);
});

test('the timer runs from the start of a run to its end, slower for many panes', async () => {
	assert.deepEqual(
		[1, 8, 9, 32, 33, 64].map(count => liveRun(count).tickMs()),
		[40, 40, 50, 50, 80, 80],
	);

	const {events} = await play({a: fakeModel([['Blue.']]), arbiter});
	let running = 0;
	const store = createRunStore({
		now: () => 0,
		every() {
			running++;
			return () => {
				running--;
			};
		},
	});
	assert.equal(store.isRunning, false);

	for (const event of events.slice(0, -1)) {
		store.listen(event);
		assert.equal(store.isRunning, true);
	}

	store.listen(events.at(-1)!);
	assert.equal(store.isRunning, false);
	assert.equal(running, 0);
});

test('texts are wrapped again when their size changes, and only then', () => {
	const {store, ids, ask, speak, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'The sky is blue because the air scatters blue light more.');
	pass(40);
	const view = pane(store);

	store.setViewport({
		...smallViewport,
		panes: {...smallViewport.panes},
		arbiter: {width: 50, height: 2},
	});
	assert.equal(pane(store), view);

	store.setViewport({...smallViewport, panes: {width: 12, height: 2}});
	assert.deepEqual(
		pane(store).lines,
		['scatters', 'blue light', 'more.'].slice(-2),
	);

	speak(ids[0]!, ' Or so.');
	pass(40);
	assert.deepEqual(pane(store).lines, ['blue light', 'more. Or so.']);
});

test('however long, wide or hostile an answer is, a pane has its last lines, clean and no wider than it', () => {
	const {store, ids, ask, speak, pass} = liveRun(1);
	ask();

	for (const piece of [
		'\u001B]0;title\u0007\u001B[2J\u001B[31mred',
		'\t\u202Eevil\u0000',
		'漢字'.repeat(5000),
		'👩‍👩‍👧‍👦🏽 '.repeat(500),
		'e\u0301'.repeat(5000),
		'x'.repeat(5_000_000),
		'\n'.repeat(100_000),
		'word '.repeat(200_000),
	]) {
		speak(ids[0]!, piece);
		pass(40);
		const {lines} = pane(store);
		assert.ok(lines.length <= 4);

		for (const line of lines) {
			assert.ok(stringWidth(line) <= 30, line);
			assert.doesNotMatch(line, /[\0-\u001F\u007F-\u009F\u202E]/);
			assert.ok(line.length <= 300);
		}
	}

	store.setViewport({...smallViewport, panes: {width: 22, height: 3}});
	const {lines} = pane(store);
	assert.equal(lines.length, 3);

	for (const line of lines) {
		assert.match(line, /^word( word)*$/);
		assert.ok(line.length <= 22);
	}
});

test('waiting to try again counts down, with the reason', () => {
	const {store, ids, ask, say, speak, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'Half an');
	say({
		type: 'call-retry',
		callId: 'm0#1-1',
		attempt: 1,
		maxAttempts: 3,
		delayMs: 4000,
		failure: failure('The model is\noverloaded.'),
		startsOver: true,
	});
	pass(0);
	assert.equal(pane(store).head.word, 'retry 2/3 in 4 s');
	assert.equal(pane(store).head.failure, 'The model is overloaded.');
	assert.deepEqual(pane(store).lines, []);

	pass(2500);
	assert.equal(pane(store).head.word, 'retry 2/3 in 2 s');
	pass(60_000);
	assert.equal(pane(store).head.word, 'retry 2/3 in 0 s');

	say({type: 'call-send', callId: 'm0#1-1', attempt: 2});
	pass(1000);
	assert.equal(pane(store).head.word, 'waiting');
	assert.equal(pane(store).head.failure, null);
});

test('what an instance said stays, as of before, until it says something new', () => {
	const {store, ids, ask, speak, end, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'Blue.');
	end(ids[0]!, {confidence: 0.6});
	pass(40);
	assert.equal(pane(store).kind, 'answer');
	assert.equal(pane(store).head.confidence, 0.6);

	ask();
	pass(40);
	assert.equal(pane(store).kind, 'earlier');
	assert.equal(pane(store).earlier, 1);
	assert.deepEqual(pane(store).lines, ['Blue.']);
	assert.equal(pane(store).head.state, 'waiting');
	assert.equal(pane(store).head.confidence, null);

	store.setViewport({...smallViewport, panes: {width: 20, height: 2}});
	assert.equal(pane(store).kind, 'earlier');
	assert.deepEqual(pane(store).lines, ['Blue.']);

	speak(ids[0]!, 'Let me see', 'thinking');
	pass(40);
	assert.equal(pane(store).kind, 'thinking');
	assert.equal(pane(store).earlier, null);
	assert.deepEqual(pane(store).lines, ['Let me see']);

	speak(ids[0]!, 'Still blue.');
	pass(40);
	assert.equal(pane(store).kind, 'answer');
	assert.deepEqual(pane(store).lines, ['Still blue.']);

	speak(ids[0]!, ' Hm', 'thinking');
	pass(40);
	assert.deepEqual(pane(store).lines, ['Still blue.']);
});

test('an instance whose turn has not come waits, and one without a place is queued', () => {
	const {store, ids, say, pass} = liveRun(2);
	pass(40);
	assert.deepEqual(
		store.panes.snapshot().map(({head}) => head.word),
		['waiting', 'waiting'],
	);

	say({type: 'iteration-start', iteration: 1, instances: ids});
	say({
		type: 'call-start',
		callId: 'first',
		iteration: 1,
		speaker: ids[0]!,
		purpose: 'answer',
		model: 'some/luna',
		transcriptId: 'first',
		system: null,
		options: {},
		templateHash: null,
		message: ['Why?'],
		extends: null,
		labels: null,
		cache: null,
		reservedUsd: null,
	});
	pass(40);
	assert.equal(pane(store).head.word, 'queued');
	assert.equal(pane(store).head.numbers.elapsedMs, null);

	say({type: 'call-send', callId: 'first', attempt: 1});
	pass(40);
	assert.equal(pane(store).head.word, 'waiting');
});

test('an answer that is left out says so', () => {
	const {store, ids, ask, say, speak, end, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'Blue.');
	end(ids[0]!);
	say({type: 'call-mark', callId: 'm0#1-1', mark: 'left-out', reason: 'No.'});
	pass(40);
	assert.equal(pane(store).head.word, 'left out');
});

test('guesses are marked as such and give way to what is reported', () => {
	const {store, ids, ask, speak, end, pass} = liveRun(2);
	ask();
	speak(ids[0]!, 'x'.repeat(400));
	pass(2000);
	const {numbers} = pane(store).head;
	assert.deepEqual(numbers.tokensPerSecond, {value: 50, isGuess: true});
	assert.deepEqual(numbers.outputTokens, {value: 100, isGuess: true});
	assert.equal(numbers.costUsd, null);

	end(ids[0]!, {durationMs: 1210, firstTokenMs: 210});
	speak(ids[1]!, 'x'.repeat(40));
	pass(1000);
	const {tokensPerSecond, costUsd, cache} = pane(store).head.numbers;
	assert.deepEqual(tokensPerSecond, {value: 30, isGuess: false});
	assert.equal(costUsd, 0.0125);
	assert.equal(cache!.share, 64 / 120);

	const header = store.header.snapshot();
	assert.deepEqual(header.outputTokens, {value: 40, isGuess: true});
	assert.equal(header.inputTokens, 120);
	assert.equal(header.costUsd, 0.0125);
	assert.equal(header.costIsComplete, false);
	assert.equal(header.elapsedMs, 3000);
});

test('a consortium in a pane has no speed: what all in it wrote did not take the time of its last words', () => {
	const {store, ids, say, ask, speak, end, pass} = liveRun(1);
	ask();
	say({
		type: 'nested',
		parentCallId: `${ids[0]!}-1`,
		event: {
			type: 'iteration-start',
			iteration: 1,
			instances: ['inner#1'],
			runId: 'inner',
			seq: 0,
			t: 0,
		},
	});
	speak(ids[0]!, 'x'.repeat(400));
	pass(2000);
	assert.equal(pane(store).head.numbers.tokensPerSecond, null);

	end(ids[0]!, {durationMs: 1210, firstTokenMs: 210});
	pass(40);
	assert.equal(pane(store).head.numbers.tokensPerSecond, null);
	assert.equal(pane(store).head.numbers.elapsedMs, 1210);
});

test('what nobody reported is unknown, not 0', () => {
	const {store, ids, ask, end, judge, rule, pass} = liveRun(1);
	ask();
	end(ids[0]!, {...unknownOutcome, state: 'empty'});
	judge();
	rule({confidence: null, agreement: null});
	pass(40);
	const {numbers, confidence} = pane(store).head;
	const header = store.header.snapshot();
	const [weighed] = store.arbiter.snapshot().head.weighed;

	assert.deepEqual(
		[
			confidence,
			numbers.costUsd,
			numbers.outputTokens,
			numbers.tokensPerSecond,
			numbers.firstTokenMs,
			numbers.cache!.share,
			weighed!.confidence,
			weighed!.agreement,
			weighed!.change,
			weighed!.stated[0]!.confidence,
		],
		Array.from({length: 10}, () => null),
	);
	assert.equal(header.costIsComplete, false);
});

test('an input of which no cached part is reported has no cached share', () => {
	const {store, ids, ask, end, pass} = liveRun(1);
	ask();
	end(ids[0]!, {usage: {...unknownUsage, inputTokens: 100}});
	pass(40);
	assert.equal(pane(store).head.numbers.cache!.share, null);
	assert.equal(store.header.snapshot().cached, null);
});

test('a cached share is shown where a cache could serve anything; else the zoomed pane says why not', async () => {
	const table = createTable({
		a: pricedModel(
			[['Blue.']],
			[
				{inputTokens: 700, cachedTokens: 0},
				{inputTokens: 900, cachedTokens: 0},
				{inputTokens: 1500, cachedTokens: 0},
				{inputTokens: 1600, cachedTokens: 1400},
			],
			{promptCache: {...unknownCache, minimumTokens: 800}},
		),
		arbiter: fakeModel([[verdictText()]]),
	});
	const pictures: RunState[] = [];
	const store = createRunStore({now: () => 0, earlier: () => pictures});
	store.setViewport({
		...smallViewport,
		zoom: {target: 0, width: 60, height: 10},
	});
	const told = [];

	for (let turn = 1; turn <= 4; turn++) {
		const {events} = await table.ask();

		for (const event of events) {
			store.listen(event);
		}

		store.tick();
		const live = [
			numberParts(pane(store).head.numbers, 'answered').at(-1),
			zoomLines(store.zoom.snapshot()!, 0, 1)[0]!.text,
			store.header.snapshot().cached,
		];
		store.show(pictureOf(events));
		told.push([
			numberParts(pane(store).head.numbers, 'answered').at(-1),
			zoomLines(store.zoom.snapshot()!, 0, 1)[0]!.text,
			store.header.snapshot().cached,
		]);
		assert.deepEqual(told.at(-1), live, 'the same when it is read back');
		pictures.push(pictureOf(events));
	}

	assert.deepEqual(told, [
		['first 0 ms', 'iteration 1 · done', null],
		['first 0 ms', 'iteration 1 · done · below the minimum (700 < 800)', null],
		['0% cached', 'iteration 1 · done · 0% cached', 0],
		['88% cached', 'iteration 1 · done · 88% cached', 0.875],
	]);
});

test('instances are called by their model, and by a number where several have the same', () => {
	const names = (run: ReturnType<typeof liveRun>) =>
		run.store.heads.snapshot().map(({number, name}) => `${number} ${name}`);
	const one = liveRun(2, {models: ['openai/gpt', 'anthropic/claude']});
	const two = liveRun(4, {models: ['openrouter/meta/llama', 'ollama/llama']});
	one.pass(0);
	two.pass(0);

	assert.deepEqual(names(one), ['1 gpt', '2 claude']);
	assert.deepEqual(names(two), [
		'1 llama#1',
		'2 llama#2',
		'3 llama#3',
		'4 llama#4',
	]);
});

test('the arbiter shows how it gets to its synthesis, then the synthesis alone, then its beginning', () => {
	const {store, ids, ask, speak, end, judge, rule, pass} = liveRun(2);
	const arbiter = () => store.arbiter.snapshot();
	ask();
	pass(40);
	assert.equal(arbiter().head.activity, 'waits for 2 of 2 answers');

	for (const id of ids) {
		speak(id, 'Blue.');
		end(id, {confidence: 0.5});
	}

	judge();
	pass(40);
	assert.equal(arbiter().head.activity, 'reads 2 answers');

	speak('arbiter#1', '<analysis>They agree.</analysis><confidence>0.6');
	pass(40);
	assert.equal(arbiter().kind, 'thinking');
	assert.deepEqual(arbiter().lines, ['analysis: They agree.confidence: 0.6']);

	speak('arbiter#1', '</confidence>\n<synth');
	speak('arbiter#1', 'esis>It is blue');
	pass(40);
	assert.equal(arbiter().kind, 'answer');
	assert.deepEqual(arbiter().lines, ['It is blue']);

	rule({synthesis: 'It is blue. '.repeat(40), confidence: 0.6});
	pass(40);
	assert.equal(arbiter().kind, 'earlier');
	assert.equal(arbiter().lines.length, 5);
	assert.match(arbiter().lines[0]!, /^It is blue\./);

	ask();
	pass(40);
	assert.equal(arbiter().head.activity, 'waits for 2 of 2 answers');
	judge();
	rule({confidence: 0.9});
	pass(40);
	ask();
	judge();
	rule({confidence: 0.8});
	pass(40);
	const [first, second, third] = arbiter().head.weighed;
	assert.equal(first!.change, null);
	assert.equal(Math.round(second!.change! * 100), 30);
	assert.equal(Math.round(third!.change! * 100), -10);
	assert.deepEqual(first!.stated, [
		{number: 1, confidence: 0.5},
		{number: 2, confidence: 0.5},
	]);
});

test('dissent is linked to the panes of those who hold it', () => {
	const {store, ids, ask, judge, rule, pass} = liveRun(3);
	ask();
	judge();
	rule({dissent: [{text: 'It is\ngrey.', who: [ids[2]!, 'gone#1']}]});
	pass(40);

	assert.deepEqual(store.arbiter.snapshot().head.dissent, [
		{
			text: 'It is grey.',
			who: [
				{number: 3, name: 'luna#3'},
				{number: 0, name: 'gone#1'},
			],
		},
	]);
});

const arbiter = fakeModel([
	[
		verdictText({confidence: 0.6, needsIteration: true}),
		verdictText({confidence: 0.9}),
	],
]);

test('a run of the past is shown as it was', async () => {
	const cast = {
		a: fakeModel([['The sky ', 'is blue. '.repeat(30)]]),
		b: fakeModel([[{thinking: 'Hm.'}, 'It is grey.']]),
		arbiter,
	};
	const {events} = await play(cast);
	const live = createRunStore({now: () => 0, every: () => () => {}});
	live.setViewport(smallViewport);

	for (const event of events) {
		live.listen(event);
	}

	live.tick();
	const past = createRunStore({now: () => 0});
	past.setViewport(smallViewport);
	past.show(live.picture());

	assert.deepEqual(past.panes.snapshot(), live.panes.snapshot());
	assert.deepEqual(past.arbiter.snapshot(), live.arbiter.snapshot());
	assert.deepEqual(past.header.snapshot(), live.header.snapshot());
	assert.equal(past.isRunning, false);

	past.reset();
	assert.deepEqual(past.panes.snapshot(), []);
	assert.equal(past.header.snapshot().phase, 'idle');
});

test('a run whose process was killed has calls that were cut off, and no clock', () => {
	const {store, ids, ask, speak} = liveRun(1);
	ask();
	speak(ids[0]!, 'Half an ans');
	const past = createRunStore({now: () => 9_000_000});
	past.setViewport(smallViewport);
	past.show(store.picture());

	assert.equal(pane(past).head.word, 'cancelled');
	assert.equal(pane(past).head.numbers.elapsedMs, null);
	assert.deepEqual(pane(past).lines, ['Half an ans']);
	assert.equal(past.header.snapshot().elapsedMs, null);
});

test('a run that is resumed goes on on its panes, and its clock leaves out how long it lay still', () => {
	const {store, ids, ask, speak, end, say, tickMs, pass} = liveRun(2);
	const {timeoutSeconds} = consortiumDefaults.limits;
	ask();
	speak(ids[0]!, 'Blue.');
	end(ids[0]!);
	const picture = store.picture();
	store.reset();
	store.show(picture);
	assert.equal(store.header.snapshot().phase, 'ended');
	const before = picture.lastAt - picture.startedAt;

	pass(3_600_000);
	say({type: 'run-resume', limits: {budgetUsd: null, timeoutSeconds}});
	pass(2000);
	assert.equal(tickMs(), 40);
	assert.equal(store.header.snapshot().phase, 'members');
	assert.equal(
		store.header.snapshot().elapsedMs,
		Math.floor((before + 2000) / 1000) * 1000,
	);
	assert.deepEqual(pane(store).lines, ['Blue.']);
	assert.equal(pane(store).head.state, 'answered');
	speak(ids[1]!, 'Grey.');
	pass(40);
	assert.deepEqual(pane(store, 1).lines, ['Grey.']);
});

test('a call that came into the picture without being started is shown', () => {
	const {store, ids, ask, say, speak, pass} = liveRun(1);
	ask();
	speak(ids[0]!, 'First.');
	pass(40);
	const run = store.picture();
	const carried = {...run.calls.get('m0#1-1')!, text: 'Carried over.'};
	run.iterations[0]!.calls.push(carried);
	say({
		type: 'decision',
		iteration: 1,
		strategy: 'default',
		action: 'judge',
		reason: 'All there.',
		marks: [],
		saved: null,
	});
	pass(40);
	assert.deepEqual(pane(store).lines, ['Carried over.']);
});

test('a model that was swapped in takes over the pane and its name, and its forerunner is not heard there', () => {
	const {store, ids, ask, say, speak, pass} = liveRun(2);
	ask();
	speak(ids[0]!, 'First.');
	const {start} = store.picture().calls.get('m0#1-1')!;
	say({...start, callId: 'another', model: 'other/sol'});
	say({
		type: 'call-delta',
		callId: 'another',
		channel: 'text',
		text: 'Second.',
	});
	speak(ids[0]!, ' Too late.');
	pass(40);

	assert.equal(pane(store).head.name, 'sol');
	assert.equal(pane(store).head.callId, 'another');
	assert.deepEqual(pane(store).lines, ['Second.']);
	assert.equal(pane(store, 1).head.name, 'luna#2');
});

test('a run made from another shows what it took over, and counts the costs of its own calls alone', async () => {
	const table = createTable({
		a: fakeModel([['Blue.']], {costUsd: 1}),
		b: fakeModel([['Grey.']], {costUsd: 1}),
		arbiter: fakeModel([[verdictText({confidence: 0.9})]], {costUsd: 0.25}),
	});
	const {events: first} = await table.ask();
	const {events} = await table.derive('rearbitrate', first);
	const store = createRunStore({now: () => 0, every: () => () => {}});

	for (const event of events.slice(0, -1)) {
		store.listen(event);
	}

	store.tick();
	assert.deepEqual(
		store.panes.snapshot().map(({lines, head}) => [...lines, head.word]),
		[
			['Blue.', 'done'],
			['Grey.', 'done'],
		],
	);
	assert.equal(store.header.snapshot().costUsd, 0.25);
	store.listen(events.at(-1)!);
	store.tick();
	assert.equal(store.header.snapshot().costUsd, 0.25);
});

test('zoomed, an instance shows all it thought and said, iteration by iteration, and goes on', () => {
	const {store, ids, ask, speak, end, pass} = liveRun(2);
	const zoomed = () => {
		const view = store.zoom.snapshot()!;
		return zoomLines(view, 0, view.total).map(
			({kind, text}) => `${kind}: ${text}`,
		);
	};

	ask();
	speak(ids[1]!, 'Hm.', 'thinking');
	speak(ids[1]!, 'Blue.');
	end(ids[1]!);
	ask();
	speak(ids[1]!, 'Still blue');
	store.setViewport({
		...smallViewport,
		zoom: {target: 1, width: 20, height: 10},
	});
	assert.deepEqual(zoomed(), [
		'rule: iteration 1 · done · 53% cached',
		'rule: thinking',
		'thinking: Hm.',
		'rule: answer',
		'answer: Blue.',
		'rule: iteration 2 · answering',
		'answer: Still blue',
	]);

	const before = store.zoom.snapshot();
	speak(ids[0]!, 'Of no interest.');
	pass(40);
	assert.equal(store.zoom.snapshot(), before);

	speak(ids[1]!, ' as ever, and for the same reason.');
	pass(40);
	assert.deepEqual(zoomed().slice(-3), [
		'answer: Still blue as ever,',
		'answer: and for the same',
		'answer: reason.',
	]);

	store.setViewport(smallViewport);
	assert.equal(store.zoom.snapshot(), null);
});

test('zoomed, the arbiter shows each verdict with its dissent', () => {
	const {store, ids, ask, speak, judge, rule} = liveRun(2);
	ask();
	judge();
	speak('arbiter#1', '<analysis>Clear.</analysis>');
	rule({
		confidence: null,
		agreement: 0.5,
		synthesis: 'Blue.',
		dissent: [{text: 'Grey.', who: [ids[1]!]}],
		refinementAreas: ['shade'],
		problems: ['No tag was closed.'],
	});
	store.setViewport({
		...smallViewport,
		zoom: {target: 'arbiter', width: 60, height: 10},
	});
	const view = store.zoom.snapshot()!;

	assert.deepEqual(
		zoomLines(view, 0, view.total).map(({text}) => text),
		[
			'iteration 1 · synthesis · done · 53% cached',
			'thinking',
			'analysis: Clear.',
			'verdict of arbiter#1 · confidence not stated · agreement 50% · wants no other iteration',
			'Blue.',
			'dissent, 2 luna#2: Grey.',
			'to refine: shade',
			'No tag was closed.',
		],
	);
	assert.deepEqual(
		zoomLines(view, 3, 5).map(({text}) => text),
		[
			'verdict of arbiter#1 · confidence not stated · agreement 50% · wants no other iteration',
			'Blue.',
		],
	);
});
