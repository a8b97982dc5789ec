/// The script for browsers that is served as `/dangol.js`. Made by Browser/minify.py from Browser/dangol.js.
package enum BrowserScript {
    package static let text = #"""
        /*! Dangol */
        (function(w,d,n){if(w.dangol&&w.dangol.track)return;var G=d.currentScript,o=G?G.dataset:{},Y=o.host|\#
        |(G?new URL(G.src).origin:'');var bc=500,F,I,M=1e3,P=[],V={};function B(k){try{return JSON.parse(loc\#
        alStorage.getItem('dangol.'+k))}catch(e){return V[k]}}function D(k,v){V[k]=v;try{v==null?localStorag\#
        e.removeItem('dangol.'+k):localStorage.setItem('dangol.'+k,JSON.stringify(v))}catch(e){}}function id\#
        (){return crypto.randomUUID?crypto.randomUUID():'x'+Date.now().toString(36)+Math.random().toString(3\#
        6).slice(2)}function af(){var c=B('consent');return c==null?o.consent!='required':c}function T(){var\#
         a=B('anonymousId');if(!a)D('anonymousId',a=id());return a}function ag(){var s=B('session'),t=Date.n\#
        ow();if(!s||t-s.seen>18e5)s={id:id(),start:t,fresh:1};s.seen=t;var L=s.fresh;delete s.fresh;D('sessi\#
        on',s);if(L)C('Session Started');return s.id}function bh(){try{return Intl.DateTimeFormat().resolved\#
        Options().timeZone}catch(e){}}function Q(){return{url:location.href,path:location.pathname,search:lo\#
        cation.search,title:d.title,referrer:d.referrer}}function N(type,more,own){if(!af()&&!own){if(B('con\#
        sent')==null&&P.length<50)P.push([type,more]);return}var e={type:type,messageId:id(),anonymousId:T()\#
        ,userId:B('userId')||undefined,timestamp:new Date().toISOString(),context:{page:Q(),userAgent:n.user\#
        Agent,locale:n.language,timezone:bh(),library:{name:'dangol.js',version:'1'},screen:{width:screen.wi\#
        dth,height:screen.height}}};for(var k in more)e[k]=more[k];if(!own)e.context.sessionId=ag();var q=B(\#
        'queue')||[];q.push(e);D('queue',q.slice(-bc));if(!F)F=setTimeout(E,q.length>19?0:M)}function X(A){r\#
        eturn JSON.stringify({writeKey:o.key,sentAt:new Date().toISOString(),batch:A})}function bf(A){var bd\#
        ={};A.forEach(function(e){bd[e.messageId]=1});D('queue',(B('queue')||[]).filter(function(e){return!b\#
        d[e.messageId]}))}function E(){clearTimeout(F);F=0;var A=(B('queue')||[]).slice(0,50);if(!A.length||\#
        I)return;I=1;fetch(Y+'/v1/batch',{method:'POST',headers:{'Content-Type':'text/plain'},body:X(A),keep\#
        alive:A.length<20,credentials:'omit'}).then(function(r){if(r.status==429||r.status>499)throw r;bf(A)\#
        ;M=1e3}).catch(function(){M=Math.min(M*2,6e4)}).then(function(){I=0;if((B('queue')||[]).length&&!F)F\#
        =setTimeout(E,M)})}function ad(){ba();var A=(B('queue')||[]).slice(-40);if(A.length&&n.sendBeacon)n.\#
        sendBeacon(Y+'/v1/batch',X(A))}function C(event,properties){N('track',{event:event,properties:proper\#
        ties})}function _(){K=0;N('page',{name:d.title,properties:Q()})}var ac,aa=0,R=0,ab=0,ai=0,U=0,aj;fun\#
        ction S(type,f,more){try{new PerformanceObserver(function(l){l.getEntries().forEach(f)}).observe(Obj\#
        ect.assign({type:type,buffered:true},more))}catch(e){}}S('largest-contentful-paint',function(e){ac=e\#
        .startTime});S('layout-shift',function(e){if(e.hadRecentInput)return;R=e.startTime-ai<1e3&&e.startTi\#
        me-ab<5e3?R+e.value:(ab=e.startTime,e.value);ai=e.startTime;aa=Math.max(aa,R)});S('event',function(e\#
        ){if(e.interactionId)U=Math.max(U,e.duration)},{durationThreshold:40});function ba(){if(aj||ac==null\#
        )return;aj=1;C('Web Vitals Measured',{lcp:Math.round(ac),cls:Math.round(aa*1e4)/1e4,inp:U?Math.round\#
        (U):undefined})}function on(type,f,t){(t||d).addEventListener(type,f,true)}on('click',function(e){va\#
        r t=e.target.closest&&e.target.closest('[data-dangol-event]'),p={};if(!t)return;for(var k in t.datas\#
        et)if(/^dangol./.test(k)&&k!='dangolEvent')p[k[6].toLowerCase()+k.slice(7)]=t.dataset[k];C(t.dataset\#
        .dangolEvent,p)});function $(e,name){var t=e.target,f=t&&(t.form||t),O=f&&f.dataset&&f.dataset.dango\#
        lForm,H;if(!O)return;H=f.dangolSeen=f.dangolSeen||{};if(name||(t.name&&!H[t.name]&&(H[t.name]=1)))C(\#
        name||'Form Step Completed',{form:O,field:name?undefined:t.name,step:Object.keys(H).length})}on('cha\#
        nge',function(e){$(e)});on('submit',function(e){$(e,'Form Submitted')});var K=0;on('scroll',function\#
        (){var h=d.documentElement,p=Math.floor((w.scrollY+w.innerHeight)/h.scrollHeight*4)*25;if(p>K&&h.scr\#
        ollHeight>w.innerHeight){K=p;C('Page Scrolled',{depth:Math.min(p,100)})}},w);var Z=location.href.spl\#
        it('#')[0];function ae(){var p=location.href.split('#')[0];if(p!=Z){Z=p;setTimeout(_)}}['pushState',\#
        'replaceState'].forEach(function(k){var f=history[k];history[k]=function(){var r=f.apply(this,argume\#
        nts);ae();return r}});on('popstate',ae,w);on('visibilitychange',function(){if(d.visibilityState=='hi\#
        dden')ad()});on('pagehide',ad,w);on('online',E,w);w.dangol={track:C,page:_,flush:E,identify:function\#
        (user,traits){D('userId',user);N('identify',{traits:traits})},group:function(group,traits){N('group'\#
        ,{groupId:group,traits:traits})},reset:function(){['userId','anonymousId','session'].forEach(functio\#
        n(k){D(k)})},consent:function(yes){D('consent',!!yes);var A=P;P=[];if(yes)A.forEach(function(e){N(e[\#
        0],e[1])});else D('queue');N('track',{event:'Consent Changed',properties:{purpose:'tracking',granted\#
        :!!yes}},1)}};_();if((B('queue')||[]).length)E()})(window,document,navigator);

        """#
}
