// The page works without this file: it only saves clicks.
const follow = document.querySelector('a[data-follow]');
if (follow) location.replace(follow.href);
