import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {startOnScreen, type Screen} from '../test/helpers/screen.js';
import {emptyFolder} from '../test/helpers/program.js';
import {startWirePlayer} from '../test/helpers/wire-player.js';
import {palettes, pngOf, screenSvg} from './screen-image.js';
import {createStory, question} from './screenshot-story.js';

/*
Takes the pictures of the readme from the screen of the built program: a scripted server stands in for three providers, a terminal that nobody sees shows what a person would see.
*/

const folder = path.resolve(process.argv[2] ?? '.github/screens');
const columns = 120;
const rows = 36;

const trio = {
	v: 1,
	members: ['gpt-6.1-sol', 'claude-haiku-5-5', 'gemini-3.8-flash'].map(
		model => ({slot: model, model, count: 1}),
	),
	arbiters: [{model: 'claude-opus-5-5'}],
	strategies: [{name: 'default', params: {}}],
	judging: 'synthesis',
	memory: 'reply',
	confidenceThreshold: 0.8,
	minIterations: 1,
	maxIterations: 3,
	stop: 'any',
	system: null,
	limits: {budgetUsd: null, timeoutSeconds: 600},
};

type Look = keyof typeof palettes;

async function visit(look: Look, work: (shot: Shot) => Promise<void>) {
	const player = await startWirePlayer(createStory());
	const home = emptyFolder();
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			default: 'trio',
			consortiums: {
				trio: {...trio, name: 'trio'},
				quick: {...trio, name: 'quick', maxIterations: 1},
			},
			endpoints: {},
			settings: {theme: look},
		}),
	);
	const server = player.url.replace(/\/v1$/v, '');
	const screen = startOnScreen(['chat'], {
		columns,
		rows,
		env: {
			CONSORTIUM_TUI_HOME: home,
			COLORTERM: 'truecolor',
			OPENAI_BASE_URL: player.url,
			ANTHROPIC_BASE_URL: server,
			GEMINI_BASE_URL: server,
			OPENAI_API_KEY: 'none-needed',
			ANTHROPIC_API_KEY: 'none-needed',
			GEMINI_API_KEY: 'none-needed',
		},
	});
	const take = (name: string) => {
		const svg = screenSvg(screen.buffer(), {
			columns,
			rows,
			palette: palettes[look],
		});
		writeFileSync(path.join(folder, `${name}-${look}.png`), pngOf(svg));
		process.stdout.write(
			`${name}-${look}.png\n${screen.rows().join('\n')}\n\n`,
		);
	};

	await work({screen, take});
	screen.press('\u0004');
	await screen.ended;
	await player.close();
}

type Shot = {
	readonly screen: Screen;
	readonly take: (name: string) => void;
};

mkdirSync(folder, {recursive: true});

for (const look of ['dark', 'light'] as const) {
	await visit(look, async ({screen, take}) => {
		await screen.until(/trio[^]*ask, or \/ for commands/v);
		screen.press(`${question}\r`);
		await screen.until(/retry 2\/3 in \d s/v);
		await screen.until(/short transactions|a commit waits|Each commit/v);
		take('grid');
		await screen.until(/converged/v);
		take('answer');
		screen.press('\u000B');
		await screen.until(/quick[^]*forecast/v);
		take('switcher');
		screen.press('\u001B');
		await screen.until(/follow up/v);
	});
}
