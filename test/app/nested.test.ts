import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	backToBox,
	ctrl,
	keys,
	leaveApp,
	openApp,
	saved,
} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {serve} from '../helpers/scripted.js';

const answer = (text: string) => `${text}\n<confidence>0.7</confidence>`;

test('a consortium answers in a pane: what goes on inside stands in a line, and the zoom shows all of it', async t => {
	const server = await serve(t, {
		a: [answer('Alpha from inside.')],
		b: [
			{
				...responsesText(answer(`Beta ${'goes on '.repeat(60)}`)),
				betweenMs: 15,
			},
		],
		judge: [verdictText({confidence: 0.8, synthesis: 'The pair agrees.'})],
		c: [answer('Gamma alone.')],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'All agree.'})],
	});
	const screen = await openApp(t, {
		env: server.env,
		config: {
			default: 'outer',
			consortiums: {
				outer: saved('outer', ['pair', 'openai/c']),
				pair: saved('pair', ['openai/a', 'openai/b'], {
					arbiter: 'openai/judge',
				}),
			},
		},
	});
	screen.press(`Who agrees?${keys.enter}`);
	await screen.until(/1 of 2 answered/v);
	assert.match(screen.text(), /1 pair .*at work/v);
	await screen.until(/converged/v);
	await screen.until(/All agree\./v);
	screen.press(`${keys.tab}1`);
	await screen.until(/▸1/v);
	screen.press(keys.enter);
	await screen.until(/inside pair · iteration 1 · m1#1 done/v);
	await screen.until(/Alpha from inside\./v);
	await screen.until(/inside pair · verdict · confidence 80%/v);
	await screen.until(/The pair agrees\./v);
	screen.press(keys.escape);
	await screen.until(/Gamma alone/v);
	await backToBox(screen);
	await leaveApp(screen);
});

test('a consortium weighs in the pane of the arbiter, and Ctrl+S reaches into one that answers', async t => {
	const server = await serve(t, {
		a: [answer('Alpha is done.'), verdictText({synthesis: 'A weighs.'})],
		b: [
			stall(responsesText('Beta never comes to an end.'), 8),
			verdictText({synthesis: 'B weighs.'}),
		],
		judge: [
			verdictText({synthesis: 'What there was.'}),
			verdictText({
				synthesis: verdictText({confidence: 0.9, synthesis: 'Weighed twice.'}),
			}),
		],
	});
	const screen = await openApp(t, {
		env: server.env,
		config: {
			default: 'outer',
			consortiums: {
				outer: saved('outer', ['pair'], {arbiter: 'pair'}),
				pair: saved('pair', ['openai/a', 'openai/b'], {
					arbiter: 'openai/judge',
				}),
			},
		},
	});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/1 of 2 answered/v);
	screen.press(ctrl('s'));
	await screen.until(/Weighed twice\./v);
	await screen.until(/confidence 90%/v);
	assert.match(screen.text(), /stopped/v);
	await leaveApp(screen);
});

test('a consortium at work is asked again when it has ended with what it has, which is told', async t => {
	const server = await serve(t, {
		a: [answer('Alpha is done.')],
		b: [
			stall(responsesText('Beta never comes to an end.'), 8),
			answer('Beta comes to its end.'),
		],
		judge: [
			{
				...responsesText(verdictText({synthesis: 'What there was.'})),
				betweenMs: 20,
			},
			verdictText({synthesis: 'All there is.'}),
		],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'So it is.'})],
	});
	const screen = await openApp(t, {
		env: server.env,
		config: {
			default: 'outer',
			consortiums: {
				outer: saved('outer', ['pair']),
				pair: saved('pair', ['openai/a', 'openai/b'], {
					arbiter: 'openai/judge',
				}),
			},
		},
	});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/1 of 2 answered/v);
	screen.press(`${keys.tab}1`);
	await screen.until(/▸1/v);
	screen.press('r');
	await screen.until(/First pair ends with what it has\./v);
	await screen.until(/So it is\./v);
	await screen.until(/outer converged/v);
	assert.match(
		JSON.stringify(server.heard('arbiter')[0]!.json),
		/All there is\./v,
	);
	await leaveApp(screen);
});
