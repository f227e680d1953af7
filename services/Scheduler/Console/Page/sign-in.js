const form = document.getElementById("sign-in");
const trouble = document.getElementById("trouble");

form.addEventListener("submit", async event => {
  event.preventDefault();
  const token = document.getElementById("token").value.trim();
  const answer = await fetch("/console/sign-in", { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
  if (answer?.ok) {
    location.reload();
    return;
  }
  trouble.textContent = !answer
    ? "The scheduler does not answer."
    : answer.status === 401 ? "That is neither the read token nor the action token." : await answer.text();
  trouble.hidden = false;
});
