import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ctrl, keys} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {askedInApp, follows, says} from '../helpers/strategy-app.js';

/**
A first verdict that meets no condition of these, and a second that meets all; by itself the first would end the run.
*/
const arbiter = [
	verdictText({confidence: 0.9, synthesis: 'It is so.'}),
	verdictText({confidence: 0.97, synthesis: 'It is 42.'}),
];

for (const [until, found] of [
	['contains:42', null],
	[String.raw`regex:\d{2}\.$`, String.raw`looked for \d{2}\.$: met`],
	['agreement>=0.9', null],
	['confidence>=0.95', null],
	['command:grep 42', 'ran grep 42: met'],
] as const) {
	test(`a run goes on until ${until}`, async t => {
		const {screen, told} = await askedInApp(
			t,
			{
				a: [says('Alpha.', '42'), says('Alpha.', '42')],
				b: [says('Beta.', '41'), says('Beta.', '42')],
				arbiter,
			},
			{until: [until]},
		);

		if (until.startsWith('command')) {
			await screen.until(/y run it/v);
			screen.press('y');
		}

		await screen.until(/It is 42\.[^]*confidence 97% · 2 iterations/v);
		assert.ok(screen.rows()[0]!.includes(`until ${until}`));
		screen.press(keys.tab);
		await screen.when(() => screen.text().includes(found ?? 'ended: '));
		const log = await told();
		assert.match(log, /: converged \(exit code 0\)/v);

		if (found !== null) {
			assert.ok(log.includes(found.replace(': met', ': not met')));
			assert.ok(log.includes(found));
		}
	});
}

test('what is being found out is told, and can be cancelled', async t => {
	const scripts = {
		a: [says('Alpha.')],
		b: [says('Beta.')],
		c: [says('Gamma.')],
		arbiter,
		embed: [stall(responsesText('Nothing.'), 0)],
	};
	const command = await askedInApp(t, scripts, {until: ['command:sleep 9']});
	await command.screen.until(/y run it/v);
	command.screen.press('y');
	await command.screen.until(
		/arbiter ─ .* finds out: Whether the answer passes sleep 9\./v,
	);
	command.screen.press(ctrl('s'));
	await command.screen.until(/Not at this moment: .*being found out/v);
	command.screen.press(keys.escape);
	await command.screen.until(/■ cancelled/v);
	assert.doesNotMatch(command.screen.text(), /finds out/v);

	const form = await askedInApp(
		t,
		scripts,
		follows(['semantic', {embedding: 'openai/embed'}]),
	);
	await form.screen.until(
		/arbiter ─ .* finds out: How alike the 3 answers are in the eyes of/v,
	);
	form.screen.press(keys.escape);
	await form.screen.until(/■ cancelled, no answer/v);
	assert.doesNotMatch(form.screen.text(), /finds out/v);
});
