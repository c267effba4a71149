import {writeFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import process from 'node:process';
import {useState, useSyncExternalStore} from 'react';
import {Box, Text, render, useInput} from 'ink';
import {type RunEvent, type RunEventBody} from '../source/core/events.js';
import {instancesOf, consortiumDefaults} from '../source/core/consortium.js';
import {layoutOf} from '../source/ui/layout.js';
import {ArbiterPane} from '../source/ui/panes/arbiter-pane.js';
import {arbiterNeeds} from '../source/ui/panes/arbiter-rows.js';
import {Grid} from '../source/ui/panes/grid.js';
import {Header} from '../source/ui/panes/header.js';
import {QuestionLine} from '../source/ui/panes/question-line.js';
import {createRunStore, type RunStore} from '../source/ui/run-store.js';
import {themes} from '../source/ui/theme.js';

/*
The screen of a run whose instances all speak, 50 tokens a second each, and a box that echoes keys. Or, to be subtracted, the making of the tokens alone.
*/

const [paneCount, seconds, mode, report] = [
	Number(process.argv[2]),
	Number(process.argv[3]),
	process.argv[4],
	process.argv[5]!,
];
const tokensPerSecond = 50;
const generateEveryMs = 5;
const words =
	'The town of Alesund lies on several islands and has about sixty seven thousand people who speak of fish, rain, houses and the sea between them all day long.'
		.split(' ')
		.map(word => `${word} `);

const theme = themes.dark;

function Echo() {
	const [key, setKey] = useState(' ');
	useInput(input => {
		setKey(input);
	});
	return <Text wrap="truncate">{`${key.repeat(4)}§`}</Text>;
}

function App({store, rows}: {readonly store: RunStore; readonly rows: number}) {
	const {columns} = process.stdout;
	const header = useSyncExternalStore(
		store.header.subscribe,
		store.header.snapshot,
	);
	const views = useSyncExternalStore(
		store.panes.subscribe,
		store.panes.snapshot,
	);
	const heads = useSyncExternalStore(
		store.heads.subscribe,
		store.heads.snapshot,
	);
	const arbiter = useSyncExternalStore(
		store.arbiter.subscribe,
		store.arbiter.snapshot,
	);
	const {bands, grid} = layoutFor(store, columns, rows);

	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Header view={header} next={null} width={columns} theme={theme} />
			<QuestionLine prompt={header.prompt} width={columns} theme={theme} />
			{grid && (
				<Grid
					views={views}
					heads={heads}
					plan={grid}
					width={columns}
					rows={bands.grid.rows}
					picked={0}
					isFocused={false}
					theme={theme}
				/>
			)}
			<ArbiterPane
				view={arbiter}
				width={columns}
				rows={bands.arbiter.rows}
				isFocused={false}
				theme={theme}
			/>
			<Echo />
		</Box>
	);
}

function layoutFor(store: RunStore, columns: number, rows: number) {
	return layoutOf({
		columns,
		rows,
		instances: paneCount,
		stage: 'live',
		phase: 'members',
		density: null,
		composerRows: 1,
		arbiterNeeds: arbiterNeeds(store.arbiter.snapshot()),
	});
}

const store = createRunStore({now: Date.now});
let seq = 0;

const say = (body: RunEventBody) => {
	const event: RunEvent = {...body, runId: 'bench', seq: seq++, t: Date.now()};

	if (mode === 'screen') {
		store.listen(event);
	}
};

function begin() {
	const consortium = {
		...consortiumDefaults,
		name: 'bench',
		members: [{slot: 'luna', model: 'some/gpt-6-luna', count: paneCount}],
		arbiters: [{model: 'some/opus'}],
	};
	const instances = instancesOf(consortium);
	say({
		type: 'run-start',
		conversationId: 'chat',
		turn: 1,
		previousRunId: null,
		kind: 'ask',
		derivedFrom: null,
		prompt: 'How does this screen cope?',
		consortium,
		instances: instances.map(instance => ({
			...instance,
			transcriptId: instance.id,
			standing: 'new' as const,
		})),
		arbiters: [{id: 'arbiter#1', model: 'some/opus', transcriptId: 'arbiter'}],
		simulated: true,
		seed: 1,
		templates: {},
	});
	say({
		type: 'iteration-start',
		iteration: 1,
		instances: instances.map(({id}) => id),
	});

	for (const {id} of instances) {
		say({
			type: 'call-start',
			callId: id,
			iteration: 1,
			speaker: id,
			purpose: 'answer',
			model: 'some/gpt-6-luna',
			transcriptId: id,
			system: null,
			options: {},
			templateHash: null,
			message: ['How does this screen cope?'],
			extends: null,
			labels: null,
			cache: null,
			reservedUsd: null,
		});
		say({type: 'call-send', callId: id, attempt: 1});
	}

	return instances.map(({id}) => id);
}

const ids = begin();
const startedAt = Date.now();
// In turns, so that not all speak at the same moment.
const spoken = ids.map((_, index) => -index / ids.length);

const generator = setInterval(() => {
	const due = ((Date.now() - startedAt) / 1000) * tokensPerSecond;

	for (const [index, callId] of ids.entries()) {
		for (; spoken[index]! < due; spoken[index]!++) {
			const word =
				words[(Math.ceil(spoken[index]!) + 7 * index) % words.length]!;
			say({type: 'call-delta', callId, channel: 'text', text: word});
		}
	}
}, generateEveryMs);

const draw = () => {
	const {columns, rows} = process.stdout;
	const {text} = layoutFor(store, columns, rows);
	store.setViewport({panes: text.panes, arbiter: text.arbiter, zoom: null});
	return render(<App store={store} rows={rows} />, {
		alternateScreen: true,
		incrementalRendering: true,
		maxFps: 60,
		exitOnCtrlC: false,
	});
};

const instance = mode === 'screen' ? draw() : null;
const warmUpMs = 1000;

// What happens at the start is no part of the figures.
setTimeout(() => {
	const delay = monitorEventLoopDelay({resolution: 1});
	const cpu = process.cpuUsage();
	const rss = process.memoryUsage.rss();
	delay.enable();

	setTimeout(() => {
		const {user, system} = process.cpuUsage(cpu);
		clearInterval(generator);
		instance?.unmount();
		writeFileSync(
			report,
			JSON.stringify({
				cpuSeconds: (user + system) / 1_000_000,
				delayP99Ms: delay.percentile(99) / 1_000_000,
				startMb: rss / 1_000_000,
				endMb: process.memoryUsage.rss() / 1_000_000,
			}),
		);
		store.reset();
	}, seconds * 1000);
}, warmUpMs);
