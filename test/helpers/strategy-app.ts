import {type TestContext} from 'node:test';
import {keys, leaveApp, openApp, saved} from './app.js';
import {emptyFolder, runProgram} from './program.js';
import {type Screen} from './screen.js';
import {serve, type Script, type Scripted} from './scripted.js';

/**
What a member says: its words, a closing line where it gives a value, and how sure it is.
*/
export const says = (
	text: string,
	final: string | null = null,
	confidence = 0.7,
): string =>
	[
		text,
		...(final === null ? [] : [`<final>${final}</final>`]),
		`<confidence>${confidence}</confidence>`,
	].join('\n');

/**
The app in a terminal, where a consortium of these models has been asked; the one called `arbiter` weighs.
*/
export async function askedInApp(
	t: TestContext,
	scripts: Readonly<Record<string, Script>>,
	changes: Readonly<Record<string, unknown>>,
	{
		consortiums = {},
		columns = 120,
		rows = 40,
	}: {
		readonly consortiums?: Readonly<Record<string, unknown>>;
		readonly columns?: number;
		readonly rows?: number;
	} = {},
): Promise<{
	readonly screen: Screen;
	readonly server: Scripted;

	/**
	Leave the app: what `runs show` tells of the run, in one line.
	*/
	readonly told: () => Promise<string>;
}> {
	const home = emptyFolder();
	const server = await serve(t, scripts);
	const models = Object.keys(scripts)
		.filter(name => /^[a-z]$/v.test(name))
		.map(name => `openai/${name}`);
	const screen = await openApp(t, {
		home,
		columns,
		rows,
		env: server.env,
		config: {
			default: 'these',
			consortiums: {these: saved('these', models, changes), ...consortiums},
		},
	});
	screen.press(`What is it?${keys.enter}`);

	return {
		screen,
		server,
		async told() {
			await leaveApp(screen);
			const list = await runProgram(['runs', 'list', '--json'], {home});
			const [{id}] = JSON.parse(list.stdout) as [{readonly id: string}];
			const {stdout} = await runProgram(['runs', 'show', id], {home});
			return stdout.replaceAll(/\s+/gv, ' ');
		},
	};
}

/**
What a consortium has that follows strategies, with their parameters.
*/
export const follows = (
	...strategies: ReadonlyArray<
		readonly [name: string, parameters?: Readonly<Record<string, unknown>>]
	>
) => ({
	strategies: strategies.map(([name, parameters = {}]) => ({
		name,
		params: parameters,
	})),
});
