import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {stripVTControlCharacters} from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {consortiumDefaults} from '../../source/core/consortium.js';
import {type CallState} from '../../source/core/result.js';
import {
	densities,
	layoutOf,
	type Density,
	type Stage,
} from '../../source/ui/layout.js';
import {arbiterNeeds, arbiterRows} from '../../source/ui/panes/arbiter-rows.js';
import {themeNames, themes, type ThemeName} from '../../source/ui/theme.js';
import {failure} from '../helpers/events.js';
import {liveRun, type LiveRun} from '../helpers/live-run.js';

// Whether there are colours is asked when Ink is loaded.
process.env['FORCE_COLOR'] = '3';
const {renderToString} = await import('ink');
const {Header, headerSpans} = await import('../../source/ui/panes/header.js');
const {cutName} = await import('../../source/ui/panes/spans.js');
const {Pane} = await import('../../source/ui/panes/pane.js');
const {ZoomPane} = await import('../../source/ui/panes/zoom-pane.js');
const {RunScreen} = await import('../helpers/run-screen.js');

const seen = (drawn: string) =>
	stripVTControlCharacters(drawn)
		.split('\n')
		.map(line => line.trimEnd());

type Shot = {
	readonly columns: number;
	readonly rows: number;
	readonly stage?: Stage;
	readonly density?: Density | null;
	readonly picked?: number;
	readonly theme?: ThemeName;
};

/**
The rows of the screen.
*/
function shoot({store, pass}: LiveRun, shot: Shot): string[] {
	const {columns, rows, stage = 'live', density = null, picked = 0} = shot;
	pass(0);
	const layout = layoutOf({
		columns,
		rows,
		stage,
		density,
		composerRows: 2,
		instances: store.panes.snapshot().length,
		phase: store.header.snapshot().phase,
		arbiterNeeds: arbiterNeeds(store.arbiter.snapshot()),
	});
	store.setViewport({
		panes: layout.text.panes,
		arbiter: layout.text.arbiter,
		zoom: null,
	});

	return seen(
		renderToString(
			<RunScreen
				store={store}
				layout={layout}
				picked={picked}
				theme={themes[shot.theme ?? 'dark']}
			/>,
			{columns},
		),
	);
}

test('where many are shown in few columns, what is said of one stands in the place of done', () => {
	const run = liveRun(14);
	run.ask();
	const [first, ...others] = run.ids;
	run.end(first!);
	run.say({
		type: 'decision',
		iteration: 1,
		strategy: 'voting',
		action: 'judge',
		reason: 'They are counted.',
		marks: [first, others[0]].map(instance => ({
			instance: instance!,
			mark: 'minority',
			text: 'It says 41.',
		})),
		saved: null,
	});
	const text = shoot(run, {columns: 60, rows: 16}).join('\n');
	assert.match(text, / 1 ✓ luna#1 +minority .* 2 . luna#2 +waiting/v);
});

const sizes = [
	[60, 16],
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

/**
A run in its second iteration in which everything happens that can.
*/
function busyRun(count: number): LiveRun {
	const run = liveRun(count, {models: ['some/a-model-with-quite-a-long-name']});
	const {ids, ask, speak, end, judge, rule, say, pass} = run;
	const texts = [
		'Nobody knows. '.repeat(40),
		'漢字かな'.repeat(60),
		'👩‍👩‍👧‍👦 é '.repeat(60),
		'a\nb\n\nc',
	];
	const states: CallState[] = [
		'answered',
		'truncated',
		'refused',
		'empty',
		'failed',
		'stopped',
		'cancelled',
	];
	ask();

	for (const [index, id] of ids.entries()) {
		speak(id, texts[index % texts.length]!);
		const state = states[index % states.length]!;
		end(id, {
			state,
			confidence: index % 3 === 0 ? null : 0.72,
			failure: state === 'failed' ? failure('Overloaded. '.repeat(20)) : null,
		});
	}

	judge();
	speak('arbiter#1', `<synthesis>${'They say. '.repeat(100)}`);
	rule({
		confidence: 0.61,
		agreement: null,
		synthesis: 'They say so. '.repeat(100),
		dissent: [{text: 'Not at all. '.repeat(30), who: [ids.at(-1)!]}],
		refinementAreas: ['the date', 'the source'],
	});
	ask();

	for (const [index, id] of ids.entries()) {
		if (index % 2 === 0) {
			speak(id, texts[index % texts.length]!, 'thinking');
		} else if (index % 3 === 0) {
			say({
				type: 'call-retry',
				callId: `${id}-2`,
				attempt: 2,
				maxAttempts: 10,
				delayMs: 100_000,
				failure: failure('Too many requests. '.repeat(10)),
				startsOver: true,
			});
		} else {
			speak(id, texts[index % texts.length]!);
		}
	}

	pass(65_000);
	return run;
}

test('the screen is never larger than it is, at any size, number and density', () => {
	for (const [columns, rows] of sizes) {
		for (const count of [1, 3, 8, 16, 64]) {
			const run = busyRun(count);

			for (const density of [null, 'chat', ...densities] as const) {
				const isChat = density === 'chat';
				const shown = shoot(run, {
					columns,
					rows,
					stage: isChat ? 'chat' : 'live',
					density: isChat ? null : density,
				});
				assert.ok(shown.length <= rows - 2);
				assert.ok(
					shown.every(line => stringWidth(line) <= columns),
					shown.join('\n'),
				);
			}
		}
	}
});

test('the themes differ in their colours alone', () => {
	const run = busyRun(8);
	const colours = (theme: ThemeName) => {
		const {store} = run;
		const view = store.header.snapshot();
		const header = (
			<Header view={view} next={null} width={80} theme={themes[theme]} />
		);
		return renderToString(header, {columns: 80});
	};

	assert.notEqual(colours('dark'), colours('light'));
	assert.notEqual(colours('dark'), colours('plain'));

	for (const density of densities) {
		const [dark, light, plain] = themeNames.map(theme =>
			shoot(run, {columns: 120, rows: 40, density, theme}),
		);
		assert.deepEqual(light, dark);
		assert.deepEqual(plain, dark);
	}
});

test('every instance is on the screen by its number, or counted among those that are not', () => {
	for (const [columns, rows] of sizes) {
		for (const count of [1, 3, 8, 16, 64]) {
			for (const stage of ['live', 'chat'] as const) {
				const run = liveRun(count);
				const text = shoot(run, {columns, rows, stage}).join('\n');
				const shown = Array.from({length: count}, (_, index) =>
					new RegExp(
						String.raw`(?<!\d)${index + 1}(?: . | )(?:luna|waiting)`,
					).test(text),
				).filter(Boolean).length;
				const more = /(?<!\d)(\d+) more/.exec(text)?.[1] ?? '0';
				assert.equal(shown + Number(more), count, text);
			}
		}
	}
});

test('the page with the picked instance is shown, and where it is among all', () => {
	const run = liveRun(64);
	const rows = shoot(run, {columns: 60, rows: 16, picked: 45});
	assert.match(rows.join('\n'), /46 · luna#46/);
	assert.match(rows.join('\n'), /44 more · 41–60 of 64/);
});

test('every state is told by a sign and a word, without colours', () => {
	const run = busyRun(8);
	const text = shoot(run, {columns: 200, rows: 50, theme: 'plain'}).join('\n');

	for (const sign of ['› thinking', '» answering', '↻ retry 3/10 in 35 s']) {
		assert.ok(text.includes(sign), `${sign}\n${text}`);
	}

	for (const [state, sign] of [
		['answered', '✓ done'],
		['truncated', '✂ truncated'],
		['refused', '⊘ refused'],
		['empty', '∅ empty'],
		['failed', '✗ failed'],
		['stopped', '■ stopped'],
		['cancelled', '■ cancelled'],
	] as const) {
		const {ids, ask, end, ...rest} = liveRun(1);
		ask();
		end(ids[0]!, {state});

		for (const density of densities) {
			const shown = shoot(
				{...rest, ids, ask, end},
				{columns: 80, rows: 24, density},
			);
			const found = shown.some(line =>
				sign.split(' ', 2).every(part => line.includes(part)),
			);
			assert.ok(found, `${sign} in ${density}\n${shown.join('\n')}`);
		}
	}
});

test('a pane has its title, the end of its text and its figures', () => {
	const {store, ids, ask, speak, end, pass} = liveRun(2);
	ask();
	speak(ids[0]!, 'one two three four five six seven eight nine ten eleven');
	end(ids[0]!, {confidence: 0.72, durationMs: 8200});
	pass(0);
	store.setViewport({
		panes: {width: 40, height: 5},
		arbiter: {width: 40, height: 1},
		zoom: null,
	});
	const drawn = (height: number) =>
		seen(
			renderToString(
				<Pane
					isFocused
					view={store.panes.snapshot()[0]!}
					width={40}
					height={height}
					theme={themes.plain}
				/>,
				{columns: 40},
			),
		);

	assert.deepEqual(drawn(5), [
		'▸1 luna#1 ─ ✓ done ─────────────────────',
		'one two three four five six seven eight',
		'nine ten eleven',
		'',
		'███████▎░░ 72%  4 t/s  8.2 s  $0.013',
	]);
	assert.deepEqual(drawn(2), [
		'▸1 luna#1 ─ ✓ done ─────────────────────',
		'nine ten eleven',
	]);
});

test('a pane tells of which iteration its text is, and only where there is one', () => {
	const run = liveRun(2);
	const {ids, ask, speak, end} = run;
	const shown = () => shoot(run, {columns: 100, rows: 30}).join('\n');
	ask();
	assert.doesNotMatch(shown(), /from iteration/);

	speak(ids[0]!, 'Blue.');
	end(ids[0]!);
	assert.doesNotMatch(shown(), /from iteration/);

	ask();
	assert.equal(shown().match(/from iteration/g)?.length, 1);
	assert.match(shown(), /^from iteration 1\b/m);
});

test('a failed pane says why in a sentence', () => {
	const run = liveRun(1);
	run.ask();
	run.speak(run.ids[0]!, 'Half an answer');
	run.end(run.ids[0]!, {
		state: 'failed',
		failure: failure('The key was refused: check it with `keys list`.'),
	});

	for (const density of densities) {
		const shown = shoot(run, {columns: 100, rows: 24, density}).join('\n');
		assert.match(shown, /The key was refused/, shown);
	}
});

test('what has no confidence has dots and the words for it', () => {
	const run = liveRun(1);
	run.ask();
	run.end(run.ids[0]!, {confidence: null, costUsd: null});
	const text = shoot(run, {columns: 80, rows: 24}).join('\n');
	assert.match(text, /·{10} not stated/);
	assert.match(text, /cost unknown/);
	assert.doesNotMatch(text, / 0%/);
});

test('the arbiter has a bar for each iteration with the threshold and the change', () => {
	const run = liveRun(3);
	const {ids, ask, end, judge, rule} = run;

	for (const confidence of [0.61, 0.91]) {
		ask();

		for (const id of ids) {
			end(id, {confidence: 0.5});
		}

		judge();
		rule({
			confidence,
			agreement: 0.74,
			dissent: [{text: 'It is grey.', who: [ids[2]!]}],
			refinementAreas: ['the date'],
		});
	}

	ask();
	const text = shoot(run, {columns: 120, rows: 40}).join('\n');
	assert.match(
		text,
		/ 1 ██████▏░┊░ 61% {4}2 ████████┊▏ 91% ▲30 {3}agreement 74%/,
	);
	assert.match(text, /stated 1 50% · 2 50% · 3 50%/);
	assert.match(text, /dissent 3 luna#3: It is grey\./);
	assert.match(text, /to refine: the date/);
	assert.match(text, /arbiter opus ─ · waits for 3 of 3 answers/);
});

test("the arbiter's pane is as high as it may be, whatever it has to say", () => {
	const run = busyRun(8);
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 40}),
			fc.integer({min: 20, max: 200}),
			(height, width) => {
				const rows = arbiterRows(
					run.store.arbiter.snapshot(),
					{width, height},
					false,
				);
				assert.ok(rows.length <= height);

				for (const row of rows) {
					assert.ok(
						row.type === 'bars' ||
							stringWidth(row.spans.map(({text}) => text).join('')) <=
								Math.max(width, 120),
					);
				}
			},
		),
	);
});

test('why a run ended is wrapped, and what has no room is counted', () => {
	const reason =
		'The arbiter was confident enough, and no more was to be done.';
	const {store, ask, judge, rule, speak, pass} = liveRun(1);
	ask();
	judge();
	rule({synthesis: 'It is so. '.repeat(80)});
	store.setViewport({
		panes: {width: 40, height: 4},
		arbiter: {width: 40, height: 12},
		zoom: null,
	});
	pass(0);
	const view = store.arbiter.snapshot();
	const ended = {
		...view,
		head: {...view.head, phase: 'ended', ending: [reason]},
	} as const;
	const linesAt = (height: number) =>
		arbiterRows(ended, {width: 40, height}, false).map(each =>
			each.type === 'bars' ? '' : each.spans.map(({text}) => text).join(''),
		);

	const lines = linesAt(12);
	const said = lines.filter(line => line.startsWith('It is so.')).length;
	assert.deepEqual(lines.slice(-3), [
		' ended: The arbiter was confident',
		'        enough, and no more was to be',
		'        done.',
	]);
	assert.match(lines[0]!, new RegExp(`↓ ${view.total! - said} more$`));

	ask();
	judge();
	speak('arbiter#1', `So it is.${'\nSo it is.'.repeat(19)}`);
	pass(0);
	const writing = arbiterRows(
		store.arbiter.snapshot(),
		{width: 40, height: 12},
		false,
	);
	const title = writing[0]?.type === 'spans' ? writing[0].spans : [];
	const shown = writing.filter(
		each => each.type === 'spans' && each.spans[0]?.text === 'So it is.',
	);
	assert.equal(title.at(-1)!.text, `↑ ${20 - shown.length} more`);
});

test('the header tells how far the run is and what it took, and leaves out what does not fit', () => {
	const run = busyRun(3);
	const {store} = run;
	const at = (width: number) =>
		seen(
			renderToString(
				<Header
					view={store.header.snapshot()}
					next={null}
					width={width}
					theme={themes.plain}
				/>,
				{columns: width},
			),
		);

	assert.match(
		at(140)[0]!,
		/trio {2}default · any ≥ 80% +iteration 2\/3 · 01:05 · ≥ \$0\.0\d+ · 480 in \(53% cached\) ~\d+ out$/,
	);
	assert.doesNotMatch(at(60)[0]!, /default/);
	assert.match(at(60)[0]!, /iteration 2\/3 · 01:05/);

	for (const width of [60, 80, 100, 140, 200]) {
		assert.equal(at(width).length, 1);
		assert.ok(stringWidth(at(width)[0]!) <= width);
	}
});

test('a simulated run says so in every width, and an ended one how', () => {
	const {store, pass} = liveRun(1);
	pass(0);
	const view = {
		...store.header.snapshot(),
		consortium: 'a consortium with quite a long name, too',
		simulated: true,
		phase: 'ended',
		status: 'limited',
	} as const;
	const line = seen(
		renderToString(
			<Header view={view} next={null} width={80} theme={themes.plain} />,
			{columns: 80},
		),
	)[0]!;
	assert.match(line, /simulated stopped by a limit/);
});

test('after a run the header tells how the next question is asked', () => {
	const {store, pass} = liveRun(1);
	pass(0);
	const running = store.header.snapshot();
	const ended = {...running, phase: 'ended', status: 'converged'} as const;
	const stricter = {
		...consortiumDefaults,
		name: 'trio',
		members: [],
		arbiters: [],
		confidenceThreshold: 0.95,
	};
	const textOf = (...of: Parameters<typeof headerSpans>) =>
		headerSpans(...of)
			.left.map(({text}) => text)
			.join('');

	assert.match(textOf(ended, stricter, 120), /next: default · any ≥ 95%$/);
	assert.match(
		textOf(ended, {...stricter, name: 'duo'}, 120),
		/trio converged → duo {2}default · any ≥ 95%$/,
	);
	assert.match(
		textOf(ended, {...stricter, confidenceThreshold: 0.8}, 120),
		/converged {2}default · any ≥ 80%$/,
	);
	assert.match(textOf(running, stricter, 120), /any ≥ 80%$/);
});

test('the header tells what the whole conversation costs, beside its run', () => {
	const {store, pass} = liveRun(1);
	pass(0);
	const ended = {...store.header.snapshot(), phase: 'ended'} as const;
	const costOf = (others: Parameters<typeof headerSpans>[3]) =>
		headerSpans(
			{...ended, costUsd: 0.25, costIsComplete: true},
			null,
			200,
			others,
		)
			.right.map(({text}) => text)
			.join('');

	assert.match(costOf(null), /\$0\.250 · /);
	assert.match(
		costOf({costUsd: 0.5, costIsComplete: true}),
		/\$0\.250 of \$0\.750 in all/,
	);
	assert.match(
		costOf({costUsd: null, costIsComplete: false}),
		/\$0\.250 of ≥ \$0\.250 in all/,
	);
});

test('a name that is cut keeps the number of its instance', () => {
	assert.equal(cutName('luna#12', 7), 'luna#12');
	assert.equal(cutName('a-long-model#12', 10), 'a-long…#12');
	assert.equal(cutName('a-long-model', 10), 'a-long-mo…');

	fc.assert(
		fc.property(fc.integer({min: 1, max: 20}), width => {
			assert.ok(stringWidth(cutName('漢字-model#12', width)) <= width);
		}),
	);
});

test('a zoomed pane shows a part of the text and how much is new below', () => {
	const {store, ids, ask, speak} = liveRun(1);
	ask();
	speak(
		ids[0]!,
		Array.from({length: 40}, (_, index) => `line ${index + 1}`).join('\n'),
	);
	store.setViewport({
		panes: {width: 40, height: 4},
		arbiter: {width: 40, height: 1},
		zoom: {target: 0, width: 60, height: 9},
	});
	const at = (top: number | null) =>
		seen(
			renderToString(
				<ZoomPane
					view={store.zoom.snapshot()!}
					head={store.heads.snapshot()[0]!}
					scroll={{top}}
					width={60}
					rows={10}
					theme={themes.plain}
				/>,
				{columns: 60},
			),
		);

	assert.equal(at(null).length, 10);
	assert.equal(at(null).at(-1), 'line 40');
	assert.doesNotMatch(at(null)[0]!, /below/);
	assert.match(at(0)[0]!, /↓ 32 new below$/);
	assert.match(at(0)[1]!, /^── iteration 1 · answering ─+$/);
	assert.equal(at(0)[2], 'line 1');
});
