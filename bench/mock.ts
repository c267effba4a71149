import process from 'node:process';
import {chatText, responsesText} from '../test/helpers/scenes.js';
import {startWirePlayer} from '../test/helpers/wire-player.js';
import {verdictText} from '../test/helpers/play.js';

/**
A mock of the providers in a process of its own: every answer begins after a fixed latency, and the parent hears when the first request came.
*/
const latencyMs = Number(process.argv[2] ?? 500);
const iterations = Number(process.argv[3] ?? 1);
const members = Number(process.argv[4] ?? 3);
let verdicts = 0;

const player = await startWirePlayer((request, index) => {
	if (index === 0) {
		process.send?.({firstRequestAt: Date.now()});
	}

	const isArbiter = request.model === 'arbiter';

	if (isArbiter) {
		verdicts++;
	}

	const text = isArbiter
		? verdictText({
				confidence: verdicts % iterations === 0 ? 0.95 : 0.5,
				needsIteration: verdicts % iterations !== 0,
				synthesis: 'An answer of a few words, and then some more of them.',
			})
		: 'An answer of a few words.\n<final>42</final>\n<confidence>0.7</confidence>';

	player.seen.length = 0;
	const scene = request.path.endsWith('/responses')
		? responsesText(text)
		: chatText(text);
	// One piece, as a fast server sends it: the cost measured is ours, not that of many small writes.
	return {...scene, body: [scene.body.join('')], latencyMs};
});

process.send?.({url: player.url, members});
process.on('disconnect', () => {
	process.exit();
});
